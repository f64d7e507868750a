using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Repository;

/// <summary>Looks at the WAL of one server, and remembers what cannot be read.</summary>
internal sealed class WalCheck(KeptLog log)
{
    private readonly LogReading _reading = new(log);
    private readonly Dictionary<WalFileName, string> _damaged = [];

    public KeptLog Log => log;

    public bool IsDamaged(KeptSegment segment) => _damaged.ContainsKey(segment.File);

    /// <summary>Reads every file, in the order of the log.</summary>
    public async Task ReadAsync(Action<double> progress, CancellationToken cancellation)
    {
        var files = log.Files.Where(file => file.Kind is WalFileKind.Segment or WalFileKind.Partial)
            .OrderBy(file => file.Timeline).ThenBy(file => file.Segment!.Value.Number).ThenBy(file => file.Kind).ToList();
        var scanner = new WalScanner(log.Lineage);
        for (var at = 0; at < files.Count; at++)
        {
            await ProveAsync(scanner, new KeptSegment(files[at].Segment!.Value, files[at].Kind == WalFileKind.Partial), cancellation);
            progress((at + 1d) / files.Count);
        }
    }

    /// <summary>Up to where recovery comes from a base backup on, the last commit there, and what ends it; null at the end of all WAL.</summary>
    public async Task<(Lsn End, DateTimeOffset? Last, string? Broken)> FollowAsync(TimelineHistory history, Lsn start, CancellationToken cancellation)
    {
        while (true)
        {
            var stretch = log.Stretch(history, start);
            var sound = stretch.Segments.TakeWhile(segment => !IsDamaged(segment)).ToList();
            try
            {
                var last = await _reading.LastCommitAsync(sound, cancellation);
                var end = sound.Count == 0 ? start : sound[^1].Name.End;
                return sound.Count < stretch.Segments.Count ? (end, last?.At, _damaged[stretch.Segments[sound.Count].File])
                    : (end, last?.At, stretch.IsHole ? $"{stretch.Missing} is missing" : null);
            }
            catch (WalRejectedException e)
            {
                // Known from now on, so that the next turn stops before it.
                _damaged[WalFileName.Parse(e.File, log.Lineage.SegmentSize)] = e.Message;
            }
        }
    }

    /// <summary>The last commit that is kept anywhere, damage or not between.</summary>
    public async Task<DateTimeOffset?> NewestAsync(CancellationToken cancellation)
    {
        var newest = log.Files.Where(file => file.Kind is WalFileKind.Segment or WalFileKind.Partial)
            .OrderByDescending(file => file.Timeline).ThenByDescending(file => file.Segment!.Value.Number);
        foreach (var file in newest)
        {
            var segment = new KeptSegment(file.Segment!.Value, file.Kind == WalFileKind.Partial);
            if (!IsDamaged(segment) && await ProveAsync(new WalScanner(log.Lineage), segment, cancellation) is { Last: { } last })
            {
                return last.At;
            }
        }

        return null;
    }

    /// <summary>What is missing and what is damaged.</summary>
    /// <param name="promised">What the metadata say is kept; null asks only for holes between what is there.</param>
    /// <param name="still">What they say now: what was let go of meanwhile is neither.</param>
    public IEnumerable<CheckFinding> Findings(WalRanges? promised, WalRanges? still)
    {
        bool IsLetGo(WalSegmentName segment) => Contains(promised, segment) && !Contains(still, segment);
        var missing = promised is null
            ? log.Timelines.SelectMany(timeline => log.Ranges.Gaps(timeline).SelectMany(gap => SegmentsOf(timeline, gap))) : Missing(promised);
        return missing.Where(segment => !IsLetGo(segment)).Select(segment => new CheckFinding(segment.ToString(), "it is missing"))
            .Concat(_damaged.Where(damage => damage.Key.Segment is not { } segment || !IsLetGo(segment)).OrderBy(damage => damage.Key.Text, StringComparer.Ordinal).Select(damage => new CheckFinding(damage.Key.Text, damage.Value)));
    }

    /// <summary>What is promised and not there.</summary>
    public IEnumerable<WalSegmentName> Missing(WalRanges promised) =>
        promised.Timelines.SelectMany(timeline => promised.Of(timeline).SelectMany(piece => SegmentsOf(timeline, piece))).Where(segment => !IsKept(segment));

    private async Task<SegmentCommits?> ProveAsync(WalScanner scanner, KeptSegment segment, CancellationToken cancellation)
    {
        try
        {
            return await _reading.ScanAsync(scanner, segment, cancellation);
        }
        catch (WalRejectedException e)
        {
            _damaged[segment.File] = e.Message;
            return null;
        }
    }

    private static bool Contains(WalRanges? ranges, WalSegmentName segment) => ranges is not null && ranges.Contains(segment.Timeline, segment.Start, segment.End);

    private bool IsKept(WalSegmentName segment) => log.Files.Contains(WalFileName.Of(segment)) || log.Files.Contains(WalFileName.PartialOf(segment));

    /// <summary>Those that lie wholly in a piece.</summary>
    private IEnumerable<WalSegmentName> SegmentsOf(TimelineId timeline, WalRange piece)
    {
        for (var segment = WalSegmentName.Containing(timeline, piece.From, log.Lineage.SegmentSize); segment.End <= piece.To; segment = segment.Next)
        {
            if (segment.Start >= piece.From)
            {
                yield return segment;
            }
        }
    }
}
