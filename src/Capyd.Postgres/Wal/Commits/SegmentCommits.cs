namespace Capyd.Postgres.Wal.Commits;

/// <summary>What an index needs to know of the transactions that ended in a segment.</summary>
/// <param name="Count">Commits.</param>
/// <param name="First">The first commit in the order of the log.</param>
/// <param name="Last">The last commit in the order of the log.</param>
/// <param name="LatestEnd">The latest time of any commit or rollback: recovery can stop in this segment for every earlier target.</param>
public sealed record SegmentCommits(
    WalSegmentName Segment,
    int Count,
    TransactionEnd? First,
    TransactionEnd? Last,
    DateTimeOffset? LatestEnd,
    IReadOnlyList<RestorePointMark> RestorePoints);
