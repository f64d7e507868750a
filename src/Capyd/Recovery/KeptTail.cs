using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Recovery;

/// <summary>A segment that was read because it is in no index.</summary>
/// <param name="End">The end of its last whole record; of a whole segment its end.</param>
internal sealed record KeptTail(SegmentCommits Commits, Lsn End, bool IsWhole);
