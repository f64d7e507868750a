using System.Globalization;

namespace Capyd.Postgres.Cluster;

/// <summary>What initdb chose for a cluster; all its copies share it, and WAL of another identifier never fits.</summary>
public readonly record struct SystemIdentifier(ulong Value)
{
    /// <exception cref="FormatException">The text is no decimal number of 64 bits, or is 0.</exception>
    public static SystemIdentifier Parse(string text) =>
        TryParse(text, out var identifier)
            ? identifier
            : throw new FormatException($"\"{text}\" is no system identifier; one looks like 7412345678901234567.");

    public static bool TryParse(string? text, out SystemIdentifier identifier)
    {
        var valid = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value != 0;
        identifier = new SystemIdentifier(value);
        return valid;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
