using System.Text;
using System.Text.RegularExpressions;

namespace Capyd.Projects;

/// <summary>Names of projects: what callers may choose, and what is derived from it. Everything that a caller sends is data.</summary>
internal static partial class ProjectNaming
{
    public const int LongestName = 100;
    private const int LongestSlug = 63;
    private const int LongestSlugInDatabase = 40;

    /// <summary>The trimmed display name, or a refusal.</summary>
    public static string Name(string? asked)
    {
        var name = asked?.Trim();
        return string.IsNullOrEmpty(name) || name.Length > LongestName || !IsPlain(name)
            ? throw CapydException.Invalid($"name: wants 1 to {LongestName} characters without control characters")
            : name;
    }

    /// <summary>A slug that the caller chose; it must already be one.</summary>
    public static string GivenSlug(string slug) => SlugPattern().IsMatch(slug)
        ? slug
        : throw CapydException.Invalid("slug: wants 1 to 63 of a-z, 0-9 and -, beginning with a letter or digit");

    /// <summary>From the name: lower case, blanks become <c>-</c>, what is left over is dropped (contract D.2).</summary>
    public static string DerivedSlug(string name, ProjectId id)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if ((char.IsWhiteSpace(c) || c is '-' or '_' or '.') && slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString(0, Math.Min(slug.Length, LongestSlug - 8)).Trim('-');
        return text.Length > 0 ? text : "project-" + id.Random[..8];
    }

    /// <summary>The database and the role of a project, of one name: <c>capy_shop_k3j9x2ab</c>.</summary>
    public static string DatabaseName(string slug, string random)
    {
        var part = slug.Length > LongestSlugInDatabase ? slug[..LongestSlugInDatabase] : slug;
        return Postgres.Cluster.DatabaseName.Parse($"capy_{part.Replace('-', '_')}_{random[..8]}").ToString();
    }

    /// <summary>No control characters, and nothing that cannot be written as UTF-8.</summary>
    public static bool IsPlain(string text) => !text.Any(char.IsControl) && !HasLoneSurrogate(text);

    private static bool HasLoneSurrogate(string text) => text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) && !text.Contains('\uFFFD', StringComparison.Ordinal);

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex SlugPattern();
}
