using System.Globalization;

namespace Capyd.Postgres.Cluster;

/// <summary>A position in the write-ahead log, in bytes from its beginning.</summary>
public readonly record struct Lsn(ulong Position) : IComparable<Lsn>
{
    /// <exception cref="FormatException">The text is not two hexadecimal numbers joined by a slash.</exception>
    public static Lsn Parse(string text) =>
        TryParse(text, out var lsn) ? lsn : throw new FormatException($"\"{text}\" is no WAL position; one looks like 0/16B3748.");

    public static bool TryParse(string? text, out Lsn lsn)
    {
        lsn = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !TryHalf(text.AsSpan(0, slash), out var high) || !TryHalf(text.AsSpan(slash + 1), out var low))
        {
            return false;
        }

        lsn = new Lsn(((ulong)high << 32) | low);
        return true;
    }

    private static bool TryHalf(ReadOnlySpan<char> text, out uint half) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out half);

    public int CompareTo(Lsn other) => Position.CompareTo(other.Position);

    public static bool operator <(Lsn left, Lsn right) => left.Position < right.Position;

    public static bool operator >(Lsn left, Lsn right) => left.Position > right.Position;

    public static bool operator <=(Lsn left, Lsn right) => left.Position <= right.Position;

    public static bool operator >=(Lsn left, Lsn right) => left.Position >= right.Position;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Position >> 32:X}/{Position & uint.MaxValue:X}");
}
