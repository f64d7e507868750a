using System.Buffers;

namespace Capyd.Storage.Repository;

/// <summary>The key of an object: relative segments of <c>A-Za-z0-9._-</c>, such as <c>wal/00000001/…zst</c>.</summary>
public readonly record struct ObjectName
{
    public const int MaxLength = 512;

    /// <summary>Names that start so belong to objects still being written.</summary>
    internal const string PartialPrefix = ".tmp-";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string? _text;

    private ObjectName(string text) => _text = text;

    /// <exception cref="FormatException">The text cannot name an object.</exception>
    public static ObjectName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new FormatException(
            $"'{text}' is not an object name: use up to {MaxLength} characters, segments of A-Z, a-z, 0-9, '.', '_' and "
            + "'-' separated by '/', none of them empty, '.', '..' or beginning with '.tmp-'.");

    public static bool TryParse(string? text, out ObjectName name)
    {
        name = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return false;
        }

        foreach (var segment in text.AsSpan().Split('/'))
        {
            if (!IsSegment(text.AsSpan(segment)))
            {
                return false;
            }
        }

        name = new ObjectName(text);
        return true;
    }

    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names nothing.</exception>
    public override string ToString() =>
        _text ?? throw new InvalidOperationException("An empty object name was never assigned.");

    internal static bool IsSegment(ReadOnlySpan<char> segment) =>
        segment is not ("" or "." or "..")
        && !segment.ContainsAnyExcept(Allowed)
        && !segment.StartsWith(PartialPrefix, StringComparison.Ordinal);
}
