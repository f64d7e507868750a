namespace Capyd.Postgres.Wal;

/// <summary>A setting of the server that keeps capyd from streaming its WAL.</summary>
/// <param name="Problem">What is wrong, with the value at hand.</param>
/// <param name="Mend">What to do.</param>
public sealed record WalPrerequisite(string Setting, string Value, string Problem, string Mend);
