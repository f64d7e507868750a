using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>What of the write-ahead log of one cluster is in the archive. Immutable.</summary>
public sealed class WalRanges
{
    private readonly SortedDictionary<TimelineId, List<WalRange>> _timelines;

    private WalRanges(SystemIdentifier system, SortedDictionary<TimelineId, List<WalRange>> timelines)
    {
        System = system;
        _timelines = timelines;
    }

    public SystemIdentifier System { get; }

    public IEnumerable<TimelineId> Timelines => _timelines.Keys;

    public static WalRanges Empty(SystemIdentifier system) => new(system, []);

    /// <summary>The whole pieces of a timeline in order; two pieces never touch.</summary>
    public IReadOnlyList<WalRange> Of(TimelineId timeline) => _timelines.GetValueOrDefault(timeline) ?? [];

    public WalRanges Add(WalSegmentName segment) => Add(segment.Timeline, new WalRange(segment.Start, segment.End));

    /// <summary>Takes in a piece. What it touches or overlaps becomes one piece with it.</summary>
    public WalRanges Add(TimelineId timeline, WalRange piece)
    {
        if (piece.From >= piece.To)
        {
            throw new ArgumentException($"{piece} is no piece of WAL: it ends before it begins.", nameof(piece));
        }

        var touching = Of(timeline).Where(r => r.From <= piece.To && piece.From <= r.To).ToList();
        var merged = touching.Aggregate(piece, static (all, r) => new WalRange(Min(all.From, r.From), Max(all.To, r.To)));
        return With(timeline, Of(timeline).Except(touching).Append(merged));
    }

    /// <summary>Forgets what lies before a position, as retention removes it.</summary>
    public WalRanges ForgetBefore(TimelineId timeline, Lsn position) =>
        With(timeline, Of(timeline).Where(r => r.To > position).Select(r => r with { From = Max(r.From, position) }));

    /// <summary>Forgets one piece, as retention removes it.</summary>
    public WalRanges Forget(TimelineId timeline, WalRange piece) => With(timeline, Of(timeline).SelectMany(r => Without(r, piece)));

    public bool Contains(TimelineId timeline, Lsn from, Lsn to) => Of(timeline).Any(r => r.From <= from && to <= r.To);

    /// <summary>Whether recovery can follow the log from one position to another without a hole, across timelines.</summary>
    public bool Contains(TimelineHistory history, Lsn from, Lsn to) =>
        history.Path(from, to).All(piece => Contains(piece.Timeline, piece.Range.From, piece.Range.To));

    /// <summary>What is missing between the pieces of a timeline.</summary>
    public IReadOnlyList<WalRange> Gaps(TimelineId timeline) =>
        [.. Of(timeline).Zip(Of(timeline).Skip(1), static (left, right) => new WalRange(left.To, right.From))];

    /// <summary>Whether a segment is missing although something later of its timeline is there. To answer PostgreSQL "the
    /// archive ends here" would then make it promote with data lost.</summary>
    public bool IsHole(WalSegmentName segment) =>
        Of(segment.Timeline).Any(r => r.From >= segment.End) && !Contains(segment.Timeline, segment.Start, segment.End);

    /// <exception cref="FormatException">The text was not written by <see cref="ToString"/>.</exception>
    public static WalRanges Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0
            ? throw Refuse(text)
            : parts.Skip(1).Aggregate(Empty(SystemIdentifier.Parse(parts[0])), static (ranges, part) => ranges.AddText(part));
    }

    /// <summary>The cluster, then each piece: "7412345678901234567 1:0/1000000-0/3000000 2:0/3000000-0/5000000".</summary>
    public override string ToString() =>
        string.Join(' ', _timelines.SelectMany(static t => t.Value.Select(r => $"{t.Key}:{r}")).Prepend(System.ToString()));

    private WalRanges AddText(string text)
    {
        var parts = text.Split(':', '-');
        return parts.Length == 3
            && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var timeline)
            && timeline > 0
            && Lsn.TryParse(parts[1], out var from)
            && Lsn.TryParse(parts[2], out var to)
            && from < to
                ? Add(new TimelineId(timeline), new WalRange(from, to))
                : throw Refuse(text);
    }

    private WalRanges With(TimelineId timeline, IEnumerable<WalRange> pieces) =>
        new(System, new SortedDictionary<TimelineId, List<WalRange>>(_timelines) { [timeline] = [.. pieces.OrderBy(static r => r.From)] });

    private static FormatException Refuse(string text) => new($"\"{text}\" is no list of WAL ranges.");

    private static IEnumerable<WalRange> Without(WalRange range, WalRange piece)
    {
        WalRange[] rest = [range with { To = Min(range.To, piece.From) }, range with { From = Max(range.From, piece.To) }];
        return rest.Where(static r => r.From < r.To);
    }

    private static Lsn Min(Lsn left, Lsn right) => left < right ? left : right;

    private static Lsn Max(Lsn left, Lsn right) => left > right ? left : right;
}
