using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Repository;

namespace Capyd.Wal;

/// <summary>Some bytes of a segment that is being written: <c>growing/SYSTEM/SEGMENT/FROM-TO.zst</c>, both ends as eight hexadecimal digits.
/// The log is only ever appended to, so pieces that overlap say the same.</summary>
/// <param name="From">The first byte, counted from the segment's beginning.</param>
/// <param name="To">The byte after the last one.</param>
internal sealed record GrowingPiece(WalSegmentName Segment, long From, long To)
{
    public const string Root = "growing/";
    private const string Suffix = ".zst";

    public static string Of(SystemIdentifier system) => $"{Root}{system}/";

    public static string Of(SystemIdentifier system, WalSegmentName segment) => $"{Of(system)}{segment}/";

    public ObjectName NameOf(SystemIdentifier system) =>
        ObjectName.Parse(string.Create(CultureInfo.InvariantCulture, $"{Of(system, Segment)}{From:X8}-{To:X8}{Suffix}"));

    /// <returns>Null for an object that is none.</returns>
    public static GrowingPiece? Parse(ObjectName name, WalSegmentSize size) =>
        name.ToString().Split('/') is ["growing", _, var segment, var range] && WalSegmentName.TryParse(segment, size, out var parsed)
            && range.EndsWith(Suffix, StringComparison.Ordinal) && range[..^Suffix.Length].Split('-') is [var from, var to]
            && Number(from) is { } first && Number(to) is { } end && first < end
            ? new GrowingPiece(parsed, first, end) : null;

    /// <returns>Null for an object that is none.</returns>
    public static SystemIdentifier? SystemOf(ObjectName name) =>
        name.ToString().Split('/') is ["growing", var text, ..] && SystemIdentifier.TryParse(text, out var system) ? system : null;

    /// <summary>The pieces that together reach farthest from the beginning, in order; none when the first bytes are missing.</summary>
    public static IReadOnlyList<GrowingPiece> Chain(IReadOnlyList<GrowingPiece> pieces)
    {
        var (chain, reached) = (new List<GrowingPiece>(), 0L);
        while (pieces.Where(piece => piece.From <= reached && piece.To > reached).MaxBy(piece => piece.To) is { } next)
        {
            chain.Add(next);
            reached = next.To;
        }

        return chain;
    }

    private static long? Number(string text) =>
        text.Length == 8 && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
