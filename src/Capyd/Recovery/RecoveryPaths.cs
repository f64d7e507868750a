using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Recovery;

/// <summary>Follows the kept WAL from a base backup as far as it leads.</summary>
internal sealed class RecoveryPaths(IKeptWal wal)
{
    public async Task<RecoveryPath> FollowAsync(WalLineage lineage, RecoveryBase from, TimelineHistory history, CancellationToken cancellation)
    {
        var ranges = wal.Ranges(lineage);
        var (timeline, end) = WalReach.Of(ranges, history, lineage.SegmentSize, from.Start);
        var segments = end > from.Start ? wal.Commits(lineage, history, from.Start, end).ToList() : [];
        var whole = end;
        WalSegmentName? growing = null;
        if (timeline == history.Timeline)
        {
            (growing, end) = await AppendTailAsync(lineage, timeline, segments, end, cancellation);
        }

        return new RecoveryPath(from, history, segments, growing, end, timeline == history.Timeline && IsWhole(lineage, ranges, timeline, (from.Start, whole)));
    }

    /// <summary>Reads on behind the indexed segments: what is not in the index yet, and the unfinished segment.</summary>
    /// <param name="segments">The indexed ones; what is read is added.</param>
    /// <param name="end">Where those end.</param>
    /// <returns>The unfinished segment, null when there is none, and where the last whole record ends.</returns>
    public async Task<(WalSegmentName? Growing, Lsn End)> AppendTailAsync(
        WalLineage lineage, TimelineId timeline, List<SegmentCommits> segments, Lsn end, CancellationToken cancellation)
    {
        WalSegmentName? growing = null;
        while (growing is null)
        {
            var next = WalSegmentName.Containing(timeline, end, lineage.SegmentSize);
            if (await wal.ReadAsync(lineage, next, segments is [.., var last] ? last.Segment : null, cancellation) is not { } tail)
            {
                break;
            }

            segments.Add(tail.Commits);
            growing = tail.IsWhole ? null : next;
            end = tail.End > end ? tail.End : end;
        }

        return (growing, end);
    }

    /// <summary>What was lost at the end of the path is on record even before anything behind it is whole.</summary>
    private bool IsWhole(WalLineage lineage, WalRanges ranges, TimelineId timeline, (Lsn From, Lsn End) path) =>
        WalReach.IsLast(ranges, timeline, path.End) && !wal.Gaps(lineage).Any(gap => gap.Timeline == timeline && gap.From >= path.From);
}
