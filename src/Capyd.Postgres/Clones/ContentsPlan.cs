using System.Globalization;
using System.Text.RegularExpressions;

namespace Capyd.Postgres.Clones;

/// <summary>The contents of an archive, divided: what may follow the rows of one table, and all the rest. Pure.</summary>
internal sealed partial class ContentsPlan
{
    private readonly List<(ArchiveEntry? Entry, string Line)> _lines;

    /// <param name="contents">As pg_restore --list prints it.</param>
    public ContentsPlan(string contents) =>
        _lines = [.. contents.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => (EntryOf(line), line))];

    /// <summary>All of it that is left, in the archive's order.</summary>
    public string Rest => Text(_lines);

    /// <summary>Takes the lines of these entries out of the rest.</summary>
    /// <returns>Empty when there are none.</returns>
    public string Take(IEnumerable<ArchiveEntry> entries)
    {
        var wanted = entries.ToHashSet();
        var taken = _lines.Where(line => line.Entry is { } entry && wanted.Contains(entry)).ToList();
        _lines.RemoveAll(taken.Contains);
        return Text(taken);
    }

    private static string Text(IEnumerable<(ArchiveEntry? Entry, string Line)> lines) => string.Concat(lines.Select(static line => line.Line + "\n"));

    private static ArchiveEntry? EntryOf(string line) => Entry().Match(line) is { Success: true } match
        ? new ArchiveEntry(Number(match.Groups[1]), Number(match.Groups[2]))
        : null;

    private static long Number(Group group) => long.Parse(group.Value, CultureInfo.InvariantCulture);

    /// <summary>Only indexes and keys: a table's rows carry the same numbers as its definition.</summary>
    [GeneratedRegex(@"^\d+; (\d+) (\d+) (?:INDEX|CONSTRAINT) ")]
    private static partial Regex Entry();
}
