using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Wal;

namespace Capyd.Wal;

/// <summary>The rows about kept WAL, and about what is missing between its pieces.</summary>
internal sealed partial class WalLedger(TimeProvider clock, ILogger<WalLedger> logger)
{
    public static WalRanges Ranges(MetadataSession session, SystemIdentifier system) =>
        WalArchiveStore.Find(session, system.ToString()) is { } row ? WalRanges.Parse(row.Ranges) : WalRanges.Empty(system);

    /// <summary>Takes a server in, before anything of it is kept.</summary>
    public void Begin(MetadataTransaction tx, WalLineage lineage)
    {
        if (WalArchiveStore.Find(tx, lineage.System.ToString()) is null)
        {
            Put(tx, lineage, WalRanges.Empty(lineage.System), new TimelineId(1));
        }
    }

    public void Note(MetadataTransaction tx, WalLineage lineage, ArchivedWal archived, (long StoredBytes, TimelineHistory? History) known)
    {
        Begin(tx, lineage);
        var ranges = Ranges(tx, lineage.System);
        if (archived.Segment is { } whole)
        {
            SettleGaps(tx, lineage, whole, MissingBefore(ranges, whole, known.History));
            ranges = Inherit(ranges.Add(whole), whole, known.History);
        }
        else if (archived is { Name: { Kind: WalFileKind.Partial, Segment: { } begun }, ContentEnd: { } end } && end > begun.Start)
        {
            ranges = ranges.Add(begun.Timeline, new WalRange(begun.Start, end));
        }

        Put(tx, lineage, ranges, archived.Name.Timeline);
        if (archived.Commits is { } commits)
        {
            var row = WalIndex.Row(lineage, archived.Name, commits, (known.StoredBytes, clock.GetUtcNow()));
            Store(tx, row);
        }
    }

    /// <summary>Before segments that nothing needs any more are removed.</summary>
    public void Forget(MetadataTransaction tx, WalLineage lineage, IEnumerable<WalSegmentName> segments)
    {
        var ranges = segments.Aggregate(
            Ranges(tx, lineage.System), static (left, segment) => left.Forget(segment.Timeline, new WalRange(segment.Start, segment.End)));
        Put(tx, lineage, ranges, new TimelineId(1));
    }

    /// <summary>WAL from this position on is lost. One gap is open at most until WAL arrives again.</summary>
    public void OpenGap(MetadataTransaction tx, WalLineage lineage, TimelineId timeline, (Lsn From, string Reason) gap)
    {
        Begin(tx, lineage);
        if (WalGapStore.FindUnfinished(tx, lineage.System.ToString()) is null)
        {
            Insert(tx, lineage, timeline, (gap.From, null, gap.Reason));
        }
    }

    /// <summary>WAL arrives again, from this segment on; an older one, which was only kept late, ends nothing.</summary>
    public void EndGap(MetadataTransaction tx, WalLineage lineage, WalSegmentName arrived)
    {
        if (WalGapStore.FindUnfinished(tx, lineage.System.ToString()) is not { } open || Lsn.Parse(open.FromLsn) is var from && from >= arrived.End)
        {
            return;
        }

        var end = from > arrived.Start ? from : arrived.Start;
        WalGapStore.End(tx, open.Id, end.ToString());
        LogGapEnds(open.FromLsn, end);
    }

    /// <summary>A piece in the middle that cannot be kept, such as a damaged segment.</summary>
    public void AddGap(MetadataTransaction tx, WalLineage lineage, TimelineId timeline, (Lsn From, Lsn? To, string Reason) gap)
    {
        Begin(tx, lineage);
        if (!WalGapStore.List(tx, lineage.System.ToString()).Any(row => row.Timeline == timeline.Value && row.FromLsn == gap.From.ToString()))
        {
            Insert(tx, lineage, timeline, gap);
        }
    }

    private static void Store(MetadataTransaction tx, WalSegmentRow row)
    {
        if (row.IsPartial)
        {
            WalSegmentStore.ReplacePartial(tx, row);
        }
        else
        {
            WalSegmentStore.Add(tx, row);
        }
    }

    /// <summary>The end of what came before, when this segment does not go on there.</summary>
    private static (TimelineId Timeline, Lsn From)? MissingBefore(WalRanges ranges, WalSegmentName segment, TimelineHistory? history)
    {
        var pieces = ranges.Of(segment.Timeline);
        var (timeline, known) = pieces.Count > 0 || history?.Switches is not [.., var parent] ? (segment.Timeline, pieces) : (parent.Parent, ranges.Of(parent.Parent));
        return known is [.., var last] && last.To < segment.Start ? (timeline, last.To) : null;
    }

    /// <summary>The first segment of a timeline repeats what the one that was left held of it.</summary>
    private static WalRanges Inherit(WalRanges ranges, WalSegmentName segment, TimelineHistory? history) =>
        history?.Switches is [.., var left] && segment.Start < left.At && left.At < segment.End
            ? ranges.Add(left.Parent, new WalRange(segment.Start, left.At))
            : ranges;

    private void SettleGaps(MetadataTransaction tx, WalLineage lineage, WalSegmentName segment, (TimelineId Timeline, Lsn From)? missing)
    {
        EndGap(tx, lineage, segment);
        if (missing is { } hole
            && !WalGapStore.List(tx, lineage.System.ToString()).Any(gap => gap.ToLsn is { } to && Lsn.Parse(to) == segment.Start))
        {
            AddGap(tx, lineage, hole.Timeline, (hole.From, segment.Start, "WAL was not received, and the server no longer had it."));
        }
    }

    private void Insert(MetadataTransaction tx, WalLineage lineage, TimelineId timeline, (Lsn From, Lsn? To, string Reason) gap)
    {
        WalGapStore.Insert(tx, new WalGapRow
        {
            Id = WalGapId.New(), SystemIdentifier = lineage.System.ToString(), Timeline = (int)timeline.Value, FromLsn = gap.From.ToString(),
            ToLsn = gap.To?.ToString(), Reason = gap.Reason, RecordedAt = clock.GetUtcNow(),
        });
        LogGap(gap.From, timeline, gap.Reason);
    }

    private void Put(MetadataTransaction tx, WalLineage lineage, WalRanges ranges, TimelineId timeline)
    {
        var now = clock.GetUtcNow();
        var before = WalArchiveStore.Find(tx, lineage.System.ToString());
        WalArchiveStore.Put(tx, new WalArchiveRow
        {
            SystemIdentifier = lineage.System.ToString(), Major = lineage.Major, SegmentBytes = lineage.SegmentSize.Bytes,
            Timeline = Math.Max(before?.Timeline ?? 1, (int)timeline.Value), Ranges = ranges.ToString(), CreatedAt = before?.CreatedAt ?? now, UpdatedAt = now,
        });
    }

    [LoggerMessage(9000, LogLevel.Error, "gap in the kept WAL from {From} of timeline {Timeline} on: {Reason} A new base backup heals it")]
    private partial void LogGap(Lsn from, TimelineId timeline, string reason);

    [LoggerMessage(9001, LogLevel.Information, "the gap in the kept WAL from {From} on ends at {To}")]
    private partial void LogGapEnds(string from, Lsn to);
}
