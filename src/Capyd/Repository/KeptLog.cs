using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commands;
using Capyd.Wal;

namespace Capyd.Repository;

/// <summary>The WAL of one server as the repository has it, known from its listing alone.</summary>
internal sealed class KeptLog
{
    private readonly WalRepository _wal;
    private readonly RescuedWal _rescued;
    private readonly HashSet<WalFileName> _files;
    private readonly Dictionary<TimelineId, TimelineHistory> _histories;

    private KeptLog(WalRepository wal, WalLineage lineage, RescuedWal rescued, (HashSet<WalFileName> Files, Dictionary<TimelineId, TimelineHistory> Histories) kept)
    {
        _wal = wal;
        _rescued = rescued;
        Lineage = lineage;
        (_files, _histories) = kept;
        Ranges = _files.Where(file => file.Kind == WalFileKind.Segment).Select(file => file.Segment!.Value).Order(ByPlace)
            .Aggregate(WalRanges.Empty(lineage.System), (ranges, segment) => ranges.Add(segment));
    }

    public WalLineage Lineage { get; }

    /// <summary>What is there of whole segments.</summary>
    public WalRanges Ranges { get; }

    public IReadOnlyCollection<WalFileName> Files => _files;

    /// <summary>The timelines of which anything is kept, oldest first.</summary>
    public IReadOnlyList<TimelineId> Timelines => [.. _files.Select(file => file.Timeline).Distinct().Order()];

    /// <exception cref="InvalidDataException">A history is damaged.</exception>
    public static async Task<KeptLog> ReadAsync(WalRepository wal, WalLineage lineage, RescuedWal rescued, CancellationToken cancellation)
    {
        var growing = (await wal.Growing.ListAsync(lineage, cancellation)).Where(piece => piece.From == 0).Select(piece => WalFileName.PartialOf(piece.Segment));
        var files = (await wal.ListAsync(lineage, cancellation)).Concat(rescued.Files).Concat(growing).ToHashSet();
        var histories = new Dictionary<TimelineId, TimelineHistory>();
        foreach (var file in files.Where(file => file.Kind == WalFileKind.TimelineHistory))
        {
            histories[file.Timeline] = await ReadHistoryAsync(wal, lineage, rescued, file, cancellation);
        }

        return new KeptLog(wal, lineage, rescued, (files, histories));
    }

    /// <summary>Of files that are listed already; histories are not read.</summary>
    public static KeptLog Of(WalRepository wal, WalLineage lineage, HashSet<WalFileName> files) => new(wal, lineage, RescuedWal.None, (files, []));

    /// <summary>A timeline without a history file counts as a first one.</summary>
    public TimelineHistory History(TimelineId timeline) => _histories.GetValueOrDefault(timeline) ?? TimelineHistory.Root(timeline);

    /// <summary>What recovery reads from a position on, in its order, up to the first segment that is missing.</summary>
    public WalStretch Stretch(TimelineHistory history, Lsn from)
    {
        var segments = new List<KeptSegment>();
        var next = At(history, from.Position / (ulong)Lineage.SegmentSize.Bytes);
        while (Has(next) is { } kept)
        {
            segments.Add(kept);
            if (kept.IsPartial)
            {
                break;
            }

            next = At(history, next.Number + 1);
        }

        var missing = segments is [.., { IsPartial: true } partial] ? partial.Name : next;
        return new WalStretch(segments, missing, IsHole: IsLeftBehind(history, missing));
    }

    /// <summary>What the archive answers a restore_command.</summary>
    public async Task<WalLookup> LookAsync(WalFileName file, CancellationToken cancellation)
    {
        if (await OpenAsync(file, cancellation) is { } content)
        {
            return new WalLookup.Found(content);
        }

        if (file is not { Kind: WalFileKind.Segment, Segment: { } segment })
        {
            return new WalLookup.NotThere();
        }

        return IsLeftBehind(segment) ? new WalLookup.Hole()
            : await OpenAsync(WalFileName.PartialOf(segment), cancellation) is { } beginning ? new WalLookup.Found(beginning, Partial: true)
            : new WalLookup.NotThere();
    }

    /// <summary>Null when it is not there. Of an unfinished segment, what has most of it; one that was completed meanwhile is read as it is now.</summary>
    public async Task<Stream?> OpenAsync(WalFileName file, CancellationToken cancellation) => file is { Kind: WalFileKind.Partial, Segment: { } segment }
        ? await LongestStream.OpenAsync(
            [
                () => _wal.OpenAsync(Lineage.System, file, cancellation),
                () => Task.FromResult(_rescued.Open(file)),
                () => _wal.Growing.OpenAsync(Lineage.System, segment, cancellation),
            ],
            cancellation) ?? await OpenAsync(WalFileName.Of(segment), cancellation)
        : await _wal.OpenAsync(Lineage.System, file, cancellation) ?? _rescued.Open(file);

    private static async Task<TimelineHistory> ReadHistoryAsync(
        WalRepository wal, WalLineage lineage, RescuedWal rescued, WalFileName file, CancellationToken cancellation)
    {
        await using var content = await wal.OpenAsync(lineage.System, file, cancellation) ?? rescued.Open(file)
            ?? throw new FileNotFoundException($"the history {file} went away while the repository was read");
        using var reader = new StreamReader(content);
        try
        {
            return TimelineHistory.Parse(file.Timeline, await reader.ReadToEndAsync(cancellation));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{WalObjects.Of(lineage.System, file)}: {e.Message}", e);
        }
    }

    private static Comparer<WalSegmentName> ByPlace { get; } =
        Comparer<WalSegmentName>.Create((left, right) => (left.Timeline, left.Number).CompareTo((right.Timeline, right.Number)));

    /// <summary>PostgreSQL takes a segment from the newest timeline that has begun in it.</summary>
    private WalSegmentName At(TimelineHistory history, ulong number)
    {
        var end = new Lsn(((number + 1) * (ulong)Lineage.SegmentSize.Bytes) - 1);
        return new WalSegmentName(history.TimelineAt(end), number, Lineage.SegmentSize);
    }

    private KeptSegment? Has(WalSegmentName segment) =>
        _files.Contains(WalFileName.Of(segment)) ? new KeptSegment(segment, IsPartial: false)
        : _files.Contains(WalFileName.PartialOf(segment)) && !IsLeftBehind(segment) ? new KeptSegment(segment, IsPartial: true)
        : null;

    private bool IsLeftBehind(TimelineHistory history, WalSegmentName missing) =>
        IsLeftBehind(missing) || history.Switches.Any(change => change.Parent == missing.Timeline);

    /// <summary>Something later of its timeline is there.</summary>
    private bool IsLeftBehind(WalSegmentName segment) =>
        !Ranges.Contains(segment.Timeline, segment.Start, segment.End) && Ranges.Of(segment.Timeline).Any(range => range.To > segment.End);
}
