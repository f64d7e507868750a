using System.Text.RegularExpressions;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// The table of contents that pg_restore -l prints, and the choice of what an ordinary role restores. Pure: text in, text out.
/// </summary>
/// <param name="owner">The role that will own everything; its default privileges are the only ones it may set.</param>
internal sealed partial class ArchiveList(Inventory inventory, string owner)
{
    /// <summary>Object types that only a superuser makes, or that were made before the restore.</summary>
    private static readonly string[] NeverRestored =
    [
        "EXTENSION", "EVENT TRIGGER", "SUBSCRIPTION", "SUBSCRIPTION TABLE", "SERVER", "FOREIGN SERVER", "FOREIGN DATA WRAPPER",
        "USER MAPPING", "FOREIGN TABLE", "PROCEDURAL LANGUAGE", "LANGUAGE", "OPERATOR CLASS", "OPERATOR FAMILY", "ACCESS METHOD",
        "TRANSFORM", "DATABASE", "DATABASE PROPERTIES", "PUBLICATION TABLES IN SCHEMA", "TEXT SEARCH PARSER", "TEXT SEARCH TEMPLATE",
    ];

    /// <summary>Entries about another object name its type first: "COMMENT - EXTENSION citext".</summary>
    private static readonly string[] Companions = ["COMMENT", "ACL", "SECURITY LABEL", "DEFAULT ACL"];

    private readonly HashSet<string> _publications =
        inventory.Skipped.Where(static s => s.Type == "publication").Select(static s => Flatten(s.Name ?? s.Identity)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Made already, for the extensions in them.</summary>
    private readonly string[] _madeSchemas = [.. inventory.Extensions.Select(static e => Flatten(e.Schema)).Distinct()];

    /// <summary>How comments and grants begin that belong to foreign tables or to their columns.</summary>
    private readonly string[] _foreignTables =
    [
        .. inventory.Skipped.Where(static s => s is { Type: "foreign table", Name: not null }).SelectMany(static s => new[]
        {
            Flatten($"{s.Schema} FOREIGN TABLE {s.Name} "), Flatten($"{s.Schema} TABLE {s.Name} "), Flatten($"{s.Schema} COLUMN {s.Name}."),
        }),
    ];

    private readonly string[] _casts =
        [.. inventory.Skipped.Where(static s => s.Type == "cast").Select(static s => Flatten(s.Identity))];

    /// <summary>The lines that are restored, in the archive's order.</summary>
    public string Choose(string contents) =>
        string.Join('\n', Entries(contents).Where(IsRestored)) + "\n";

    private static IEnumerable<string> Entries(string contents) =>
        contents.Split('\n').Where(static line => line.Length > 0 && line[0] != ';');

    private bool IsRestored(string line)
    {
        if (Entry().Match(line) is not { Success: true } entry)
        {
            return true;
        }

        var rest = entry.Groups[1].Value;
        var type = Companions.FirstOrDefault(c => rest.StartsWith(c + " ", StringComparison.Ordinal));
        return type switch
        {
            null => !IsExcluded(rest) && !_madeSchemas.Any(schema => rest.StartsWith($"SCHEMA - {schema} ", StringComparison.Ordinal)),
            "DEFAULT ACL" => rest.EndsWith(" " + Flatten(owner), StringComparison.Ordinal),
            _ => IsCompanionRestored(rest[(type.Length + 1)..]),
        };
    }

    private bool IsCompanionRestored(string rest) =>
        !IsExcluded(AfterNamespace(rest)) && !_foreignTables.Any(table => rest.StartsWith(table, StringComparison.Ordinal));

    private bool IsExcluded(string rest) =>
        NeverRestored.Any(type => rest.StartsWith(type + " ", StringComparison.Ordinal))
        || rest.StartsWith("SCHEMA - public ", StringComparison.Ordinal)
        || rest.StartsWith("SCHEMA public ", StringComparison.Ordinal)
        || IsSkippedPublication(rest)
        || (rest.StartsWith("CAST ", StringComparison.Ordinal) && _casts.Any(cast => rest.Contains(cast, StringComparison.Ordinal)));

    /// <summary>"PUBLICATION - name owner", or "PUBLICATION name owner" in a comment.</summary>
    private bool IsSkippedPublication(string rest)
    {
        const string word = "PUBLICATION ";
        if (!rest.StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        var name = AfterNamespace(rest[word.Length..]);
        return _publications.Any(p =>
            name.StartsWith(p + " ", StringComparison.Ordinal) || name.StartsWith(SqlIdentifier.Quote(p) + " ", StringComparison.Ordinal));
    }

    private static string AfterNamespace(string text) =>
        text.StartsWith("- ", StringComparison.Ordinal) ? text[2..] : text;

    /// <summary>pg_restore prints line breaks in names as spaces.</summary>
    private static string Flatten(string name) => name.Replace('\n', ' ').Replace('\r', ' ');

    [GeneratedRegex(@"^\d+; \d+ \d+ (.*)$")]
    private static partial Regex Entry();
}
