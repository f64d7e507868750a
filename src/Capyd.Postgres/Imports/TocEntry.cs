using System.Text.RegularExpressions;

namespace Capyd.Postgres.Imports;

/// <summary>What pg_dump and pg_restore write as a comment above each object. Only good for names and choices: whoever wrote the
/// file could have put anything there.</summary>
internal sealed partial record TocEntry(string Name, string Type, string Schema)
{
    /// <param name="comment">A line without its leading dashes.</param>
    public static TocEntry? Parse(string comment) =>
        Pattern().Match(comment) is { Success: true } match
            ? new TocEntry(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value is "-" ? "" : match.Groups[3].Value)
            : null;

    public override string ToString() => $"{Type.ToLowerInvariant()} {(Schema.Length > 0 ? Schema + "." : "")}{Name}";

    [GeneratedRegex("^ (?:Data for )?Name: (.*); Type: ([A-Z ]+); Schema: (.*?); Owner: .*$", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
