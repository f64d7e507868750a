using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>A segment of the write-ahead log: where it lies, and the 24 hexadecimal digits PostgreSQL calls it by.</summary>
/// <param name="Number">Counts from the beginning of the log; the name depends on it and on the size.</param>
public readonly record struct WalSegmentName(TimelineId Timeline, ulong Number, WalSegmentSize Size)
{
    public const int Length = 24;

    /// <summary>The first byte of the segment.</summary>
    public Lsn Start => new(Number * (ulong)Size.Bytes);

    /// <summary>The first byte after the segment.</summary>
    public Lsn End => new((Number + 1) * (ulong)Size.Bytes);

    public WalSegmentName Next => this with { Number = Number + 1 };

    /// <exception cref="InvalidOperationException">It is the first one.</exception>
    public WalSegmentName Previous =>
        Number > 0 ? this with { Number = Number - 1 } : throw new InvalidOperationException($"No segment comes before {this}.");

    public static WalSegmentName Containing(TimelineId timeline, Lsn position, WalSegmentSize size) =>
        new(timeline, position.Position / (ulong)size.Bytes, size);

    /// <exception cref="FormatException">The text is no segment of this size.</exception>
    public static WalSegmentName Parse(string text, WalSegmentSize size) =>
        TryParse(text, size, out var name)
            ? name
            : throw new FormatException($"\"{text}\" is no WAL segment of {size.Bytes} bytes; one looks like 000000010000000000000001.");

    public static bool TryParse(ReadOnlySpan<char> text, WalSegmentSize size, out WalSegmentName name)
    {
        name = default;
        if (text.Length != Length
            || !TimelineId.TryParseHex(text[..8], out var timeline)
            || !TryHex(text[8..16], out var log)
            || !TryHex(text[16..], out var segment)
            || segment >= size.PerLog)
        {
            return false;
        }

        name = new WalSegmentName(timeline, (log * size.PerLog) + segment, size);
        return true;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Timeline.ToHex()}{Number / Size.PerLog:X8}{Number % Size.PerLog:X8}");

    /// <summary>Upper case only: the text is a file name, and there must be one name for one segment.</summary>
    private static bool TryHex(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        return !text.ContainsAnyInRange('a', 'f')
            && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
