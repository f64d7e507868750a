using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Recovery;

/// <summary>What planning wants to know of the kept WAL of the server that is followed.</summary>
internal interface IKeptWal
{
    /// <summary>Null until the server has been seen since the start.</summary>
    WalLineage? Lineage { get; }

    /// <summary>Why nothing is streamed now; null while all is well.</summary>
    string? Problem { get; }

    /// <summary>The timeline that the newest WAL is of.</summary>
    TimelineId? Timeline { get; }

    /// <summary>The newest commit that is durable here.</summary>
    TransactionEnd? LastCommit { get; }

    /// <summary>How much could be lost if the server vanished now; null when it is not known.</summary>
    TimeSpan? Exposure { get; }

    WalRanges Ranges(WalLineage lineage);

    /// <summary>The base backups of the server that can be recovered from.</summary>
    IReadOnlyList<RecoveryBase> Bases(WalLineage lineage);

    /// <summary>Where WAL is missing for good, healed or not.</summary>
    IReadOnlyList<KeptGap> Gaps(WalLineage lineage);

    Task<TimelineHistory> HistoryAsync(WalLineage lineage, TimelineId timeline, CancellationToken cancellation);

    /// <summary>The index of the whole segments from one position to another, in the order recovery reads them.</summary>
    IReadOnlyList<SegmentCommits> Commits(WalLineage lineage, TimelineHistory history, Lsn from, Lsn to);

    /// <summary>Reads a segment that is not in the index yet; null when it is not there.</summary>
    /// <param name="before">The one before it, which may hold the beginning of its first record; null when that is not kept.</param>
    Task<KeptTail?> ReadAsync(WalLineage lineage, WalSegmentName segment, WalSegmentName? before, CancellationToken cancellation);

    /// <summary>The commits around a moment.</summary>
    /// <param name="growing">Of the segments, the last, when it is not whole.</param>
    Task<CommitNeighbours> AroundAsync(
        WalLineage lineage, IReadOnlyList<SegmentCommits> segments, DateTimeOffset at, WalSegmentName? growing, CancellationToken cancellation);

    /// <summary>The first commit of a segment at or after a position; null when it has none.</summary>
    Task<TransactionEnd?> FirstCommitAsync(WalLineage lineage, WalSegmentName segment, Lsn from, CancellationToken cancellation);

    /// <summary>Makes the server's newest commits known here, if it answers.</summary>
    /// <returns>The moment up to which every commit is known; null when none is.</returns>
    Task<DateTimeOffset?> CatchUpAsync(DateTimeOffset wanted, CancellationToken cancellation);
}
