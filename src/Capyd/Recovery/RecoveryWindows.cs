using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Recovery;

/// <summary>Answers which moments can be restored, from rows alone.</summary>
internal sealed class RecoveryWindows(IKeptWal wal)
{
    /// <summary>Enough segments back to find a commit, unless nothing was committed for long.</summary>
    private const ulong LookBackBytes = 1UL << 30;

    /// <summary>Of the span that still grows: whatever begins later is part of it.</summary>
    private static readonly Lsn Endless = new(ulong.MaxValue);

    private readonly RecoveryBranches _branches = new(wal);

    public async Task<RecoveryWindow> ReadAsync(CancellationToken cancellation)
    {
        if (wal.Lineage is not { } lineage)
        {
            return Nothing(wal.Problem ?? "the server has not been seen yet", 0);
        }

        var bases = wal.Bases(lineage).OrderBy(row => row.StopAt).ToList();
        if (bases.Count == 0)
        {
            return Nothing("there is no base backup of the server yet", 0);
        }

        try
        {
            var histories = await _branches.AllAsync(lineage, cancellation);
            var spans = Join(bases.Select(from => Span(lineage, from, histories)));
            return new RecoveryWindow(spans[0].From, spans[^1].To, spans, wal.Exposure, bases.Count, wal.Problem);
        }
        catch (CapydException e)
        {
            return Nothing(e.Message, bases.Count);
        }
    }

    /// <summary>Merges what overlaps, and what the same WAL leads through though nothing was committed in between.</summary>
    /// <param name="spans">In the order of their beginnings.</param>
    internal static IReadOnlyList<RecoverySpan> Join(IEnumerable<RecoverySpan> spans)
    {
        var joined = new List<RecoverySpan>();
        foreach (var span in spans)
        {
            if (joined is [.., var last] && (span.From <= last.To || span.Start < last.End))
            {
                joined[^1] = span.To > last.To ? span with { From = last.From, Start = last.Start } : last;
            }
            else
            {
                joined.Add(span);
            }
        }

        return joined;
    }

    private static RecoveryWindow Nothing(string reason, int baseBackups) => new(null, null, [], null, baseBackups, reason);

    private RecoverySpan Span(WalLineage lineage, RecoveryBase from, IReadOnlyList<TimelineHistory> histories)
    {
        var ranges = wal.Ranges(lineage);
        var history = histories.FirstOrDefault(h => h.Descends(from.Timeline, from.Stop)) ?? TimelineHistory.Root(from.Timeline);
        var (timeline, end) = WalReach.Of(ranges, history, lineage.SegmentSize, from.Start);
        var gap = wal.Gaps(lineage).FirstOrDefault(gap => gap.Timeline == timeline && gap.From >= from.Start);
        var isWhole = timeline == history.Timeline && WalReach.IsLast(ranges, timeline, end) && gap is null;
        var isLive = isWhole && history.Timeline == histories[0].Timeline;
        var to = (isLive ? wal.LastCommit?.At : null) ?? LastCommit(lineage, history, (from, end)) ?? from.StopAt;
        return new RecoverySpan(from.StopAt, to > from.StopAt ? to : from.StopAt, from.Start, isLive ? Endless : end, gap?.Reason);
    }

    private DateTimeOffset? LastCommit(WalLineage lineage, TimelineHistory history, (RecoveryBase From, Lsn End) path)
    {
        if (path.End <= path.From.Start)
        {
            return null;
        }

        var near = new Lsn(path.End.Position - Math.Min(path.End.Position - path.From.Start.Position, LookBackBytes));
        return wal.Commits(lineage, history, near, path.End).LastOrDefault(segment => segment.Count > 0)?.Last?.At;
    }
}
