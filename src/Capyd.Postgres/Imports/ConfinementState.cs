namespace Capyd.Postgres.Imports;

/// <summary>Whether foreign input can be confined on this machine.</summary>
/// <param name="Problem">What is wrong and what to do; null when it works.</param>
public sealed record ConfinementState(string? Problem);
