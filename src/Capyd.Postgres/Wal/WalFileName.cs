using System.Text.RegularExpressions;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>The name of a file that belongs into a WAL archive. Nothing else is let in: names become paths.</summary>
public sealed partial record WalFileName
{
    private WalFileName(string text, WalFileKind kind, TimelineId timeline, WalSegmentName? segment)
    {
        Text = text;
        Kind = kind;
        Timeline = timeline;
        Segment = segment;
    }

    /// <summary>As PostgreSQL writes it.</summary>
    public string Text { get; }

    public WalFileKind Kind { get; }

    public TimelineId Timeline { get; }

    /// <summary>The segment that this is, is a part of, or notes a backup of; null for a timeline's history.</summary>
    public WalSegmentName? Segment { get; }

    public static WalFileName Of(WalSegmentName segment) => new(segment.ToString(), WalFileKind.Segment, segment.Timeline, segment);

    public static WalFileName PartialOf(WalSegmentName segment) => new($"{segment}.partial", WalFileKind.Partial, segment.Timeline, segment);

    public static WalFileName HistoryOf(TimelineId timeline) =>
        new($"{timeline.ToHex()}.history", WalFileKind.TimelineHistory, timeline, null);

    /// <exception cref="FormatException">No WAL file of a cluster with this segment size is called so.</exception>
    public static WalFileName Parse(string text, WalSegmentSize size) =>
        TryParse(text, size)
        ?? throw new FormatException($"\"{text}\" is no WAL file of a cluster with segments of {size.Bytes} bytes; one looks like 000000010000000000000001.");

    public static WalFileName? TryParse(string text, WalSegmentSize size)
    {
        if (Shape().Match(text) is not { Success: true } match)
        {
            return null;
        }

        if (match.Groups["history"].Success)
        {
            return TimelineId.TryParseHex(text.AsSpan(0, 8), out var timeline) ? HistoryOf(timeline) : null;
        }

        return WalSegmentName.TryParse(text.AsSpan(0, WalSegmentName.Length), size, out var segment)
            ? new WalFileName(text, KindOf(match), segment.Timeline, segment)
            : null;
    }

    public override string ToString() => Text;

    private static WalFileKind KindOf(Match match) =>
        match.Groups["partial"].Success ? WalFileKind.Partial
        : match.Groups["backup"].Success ? WalFileKind.BackupHistory
        : WalFileKind.Segment;

    [GeneratedRegex(@"\A(?:[0-9A-F]{8}(?<history>\.history)|[0-9A-F]{24}(?:(?<partial>\.partial)|(?<backup>\.[0-9A-F]{8}\.backup))?)\z")]
    private static partial Regex Shape();
}
