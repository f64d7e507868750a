using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Recovery;

/// <summary>The WAL that a recovery from a base backup along one timeline can read.</summary>
/// <param name="Segments">In their order, the unfinished one last.</param>
/// <param name="Growing">The unfinished one; null when there is none.</param>
/// <param name="End">Where it ends.</param>
/// <param name="IsWhole">Whether nothing of the timeline is known behind the end.</param>
internal sealed record RecoveryPath(
    RecoveryBase Base, TimelineHistory History, IReadOnlyList<SegmentCommits> Segments, WalSegmentName? Growing, Lsn End, bool IsWhole)
{
    /// <summary>The last commit of the path that the base backup can be recovered to.</summary>
    public TransactionEnd? LastCommit => Segments.LastOrDefault(segment => segment.Count > 0)?.Last is { } last && last.Lsn >= Base.Stop ? last : null;
}
