using System.Globalization;

namespace Capyd.Postgres.Cluster;

/// <summary>A timeline of the write-ahead log; the first is 1, each promotion begins the next one.</summary>
public readonly record struct TimelineId : IComparable<TimelineId>
{
    /// <exception cref="ArgumentOutOfRangeException">0 is no timeline.</exception>
    public TimelineId(uint value)
    {
        ArgumentOutOfRangeException.ThrowIfZero(value);
        Value = value;
    }

    public uint Value { get; }

    /// <summary>Reads the eight hexadecimal digits that begin the name of a segment or of a history file.</summary>
    /// <returns>False when the text is something else, or is 00000000.</returns>
    public static bool TryParseHex(ReadOnlySpan<char> text, out TimelineId timeline)
    {
        timeline = default;
        if (text.Length != 8 || !uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value == 0)
        {
            return false;
        }

        timeline = new TimelineId(value);
        return true;
    }

    /// <summary>Eight hexadecimal digits in upper case, as in the names of segments.</summary>
    public string ToHex() => Value.ToString("X8", CultureInfo.InvariantCulture);

    public int CompareTo(TimelineId other) => Value.CompareTo(other.Value);

    public static bool operator <(TimelineId left, TimelineId right) => left.Value < right.Value;

    public static bool operator >(TimelineId left, TimelineId right) => left.Value > right.Value;

    public static bool operator <=(TimelineId left, TimelineId right) => left.Value <= right.Value;

    public static bool operator >=(TimelineId left, TimelineId right) => left.Value >= right.Value;

    /// <summary>Decimal, as PostgreSQL shows it to people.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
