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

    [GeneratedRegex(@"^(?:global|base/\d+|pg_tblspc/\d+/PG_[^/]+/\d+)/\d+(?:\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex MainFork();

    [GeneratedRegex(
        @"^(?:base|pg_tblspc/\d+/PG_[^/]+)/(?<database>\d+)/\d+(?:_(?:fsm|vm|init))?(?:\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex AnyFork();
}
