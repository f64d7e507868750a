using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Recovery;

/// <summary>How far the kept WAL leads without a hole. Pure.</summary>
internal static class WalReach
{
    /// <summary>
    /// Where the whole segments that lead on from a position end, and on which timeline that is. The segment in which a timeline was
    /// left is read from the one that was begun there, which repeats it.
    /// </summary>
    public static (TimelineId Timeline, Lsn End) Of(WalRanges ranges, TimelineHistory history, WalSegmentSize size, Lsn from)
    {
        foreach (var left in history.Switches)
        {
            var limit = WalSegmentName.Containing(left.Parent, left.At, size).Start;
            if (from < limit)
            {
                var end = End(ranges, left.Parent, from);
                if (end < limit)
                {
                    return (left.Parent, end);
                }

                from = limit;
            }
        }

        return (history.Timeline, End(ranges, history.Timeline, from));
    }

    /// <summary>Whether the ranges of a timeline know of nothing behind a position.</summary>
    public static bool IsLast(WalRanges ranges, TimelineId timeline, Lsn end) => ranges.Of(timeline).All(range => range.To <= end);

    private static Lsn End(WalRanges ranges, TimelineId timeline, Lsn from)
    {
        foreach (var range in ranges.Of(timeline))
        {
            if (range.From <= from && from < range.To)
            {
                return range.To;
            }
        }

        return from;
    }
}
