using System.Globalization;
using System.Text.RegularExpressions;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Tells from a path in a data directory what lies there.</summary>
public static partial class RelationFiles
{
    public const int PageBytes = 8192;

    /// <summary>Whether the file is a segment of a relation's main fork: pages that carry the position of their last change.</summary>
    public static bool IsMainFork(string path) => MainFork().IsMatch(path);

    /// <summary>The database to which a relation's file of any fork belongs; null for shared catalogues and all else.</summary>
    public static uint? DatabaseOf(string path)
    {
        var match = AnyFork().Match(path);
        return match.Success ? uint.Parse(match.Groups["database"].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The number of the segment of a relation's fork, whose pages carry checksums; null for all other files.</summary>
    public static long? SegmentOf(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        var kept = path.StartsWith("base/", StringComparison.Ordinal) || path.StartsWith("global/", StringComparison.Ordinal)
            || path.StartsWith("pg_tblspc/", StringComparison.Ordinal);
        if (!kept || name.IsEmpty || !char.IsAsciiDigit(name[0]))
        {
            return null;
        }

        return name.LastIndexOf('.') is >= 0 and var dot && long.TryParse(name[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var segment)
            ? segment
            : 0;
    }

    [GeneratedRegex(@"^(?:global|base/\d+|pg_tblspc/\d+/PG_[^/]+/\d+)/\d+(?:\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex MainFork();

    [GeneratedRegex(
        @"^(?:base|pg_tblspc/\d+/PG_[^/]+)/(?<database>\d+)/\d+(?:_(?:fsm|vm|init))?(?:\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex AnyFork();
}
