using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal.Commits;

/// <summary>What was found in a segment.</summary>
/// <param name="ContentEnd">The end of the last whole record. In a whole segment it may lie in the next one's first record.</param>
public sealed record WalScan(SegmentCommits Commits, Lsn ContentEnd);
