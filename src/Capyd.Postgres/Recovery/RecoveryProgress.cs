namespace Capyd.Postgres.Recovery;

/// <summary>How far a recovery is.</summary>
/// <param name="Segment">The name of the segment that was fetched last.</param>
/// <param name="Fetched">How many files were fetched.</param>
public sealed record RecoveryProgress(string Segment, int Fetched, bool Consistent);
