using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Recovery;

/// <summary>Answers which moments can be restored: from rows alone while WAL is streamed, and else with what the unfinished segment holds.</summary>
internal sealed class RecoveryWindows(IKeptWal wal)
{
    /// <summary>Enough segments back to find a commit, unless nothing was committed for long.</summary>
    private const ulong LookBackBytes = 1UL << 30;

    /// <summary>Of the span that still grows: whatever begins later is part of it.</summary>
    private static readonly Lsn Endless = new(ulong.MaxValue);

    private readonly RecoveryBranches _branches = new(wal);
    private readonly RecoveryPaths _paths = new(wal);

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
            var spans = Join(await SpansAsync(lineage, bases, histories, cancellation));
            return new RecoveryWindow(spans[0].From, spans[^1].To, spans, wal.Exposure, bases.Count, wal.Problem);
        }
        catch (Exception e) when (e is CapydException or WalRejectedException or InvalidDataException)
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

    private async Task<IReadOnlyList<RecoverySpan>> SpansAsync(
        WalLineage lineage, List<RecoveryBase> bases, IReadOnlyList<TimelineHistory> histories, CancellationToken cancellation)
    {
        var spans = new List<RecoverySpan>();
        var ends = new Dictionary<(TimelineId, Lsn), SpanEnd>();
        foreach (var from in bases)
        {
            spans.Add(await SpanAsync(lineage, from, histories, ends, cancellation));
        }

        return spans;
    }

    /// <param name="ends">What was already read: base backups before the same gap end with the same segment.</param>
    private async Task<RecoverySpan> SpanAsync(
        WalLineage lineage, RecoveryBase from, IReadOnlyList<TimelineHistory> histories, Dictionary<(TimelineId, Lsn), SpanEnd> ends, CancellationToken cancellation)
    {
        var ranges = wal.Ranges(lineage);
        var history = histories.FirstOrDefault(h => h.Descends(from.Timeline, from.Stop)) ?? TimelineHistory.Root(from.Timeline);
        var (timeline, end) = WalReach.Of(ranges, history, lineage.SegmentSize, from.Start);
        var gap = wal.Gaps(lineage).FirstOrDefault(gap => gap.Timeline == timeline && gap.From >= from.Start);
        var isWhole = timeline == history.Timeline && WalReach.IsLast(ranges, timeline, end) && gap is null;
        var isLive = isWhole && history.Timeline == histories[0].Timeline;
        if (isLive && wal.LastCommit is { } newest)
        {
            return new RecoverySpan(from.StopAt, Later(newest.At, from.StopAt), from.Start, Endless, null);
        }

        if (!ends.TryGetValue((timeline, end), out var last))
        {
            ends[(timeline, end)] = last = await EndAsync(lineage, history, timeline, (from.Start, end), cancellation);
        }

        return new RecoverySpan(from.StopAt, Later(last.LastCommit, from.StopAt), from.Start, isLive ? Endless : last.End, gap?.Reason);
    }

    private static DateTimeOffset Later(DateTimeOffset? commit, DateTimeOffset start) => commit > start ? commit.Value : start;

    /// <summary>The last commit that can be recovered, which may lie in the unfinished segment behind the whole ones.</summary>
    private async Task<SpanEnd> EndAsync(
        WalLineage lineage, TimelineHistory history, TimelineId timeline, (Lsn From, Lsn To) whole, CancellationToken cancellation)
    {
        var near = new Lsn(whole.To.Position - Math.Min(whole.To.Position - whole.From.Position, LookBackBytes));
        var segments = whole.To > whole.From ? wal.Commits(lineage, history, near, whole.To).ToList() : [];
        var (_, end) = await _paths.AppendTailAsync(lineage, timeline, segments, whole.To, cancellation);
        return new SpanEnd(segments.LastOrDefault(segment => segment.Count > 0)?.Last?.At, end);
    }

    /// <param name="LastCommit">Null when none was found.</param>
    private readonly record struct SpanEnd(DateTimeOffset? LastCommit, Lsn End);
}
