namespace Capyd.Client;

/// <summary>Columns for people.</summary>
internal static class TextTable
{
    /// <summary>Left-aligned, two blanks apart; control characters of a name cannot move the cursor.</summary>
    public static string Format(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<IReadOnlyList<string>> lines = [header, .. rows.Select(row => row.Select(Printable).ToList())];
        var widths = header.Select((_, column) => lines.Max(line => line[column].Length)).ToList();
        return string.Concat(lines.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"));
    }

    /// <summary>One thing as names and values; what is empty is left out.</summary>
    public static string Format(IEnumerable<(string Name, string Value)> fields)
    {
        var shown = fields.Where(field => field.Value.Length > 0).ToList();
        var width = shown.Count == 0 ? 0 : shown.Max(field => field.Name.Length) + 2;
        return string.Concat(shown.Select(field => field.Name.PadRight(width) + Printable(field.Value) + "\n"));
    }

    public static string Printable(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
