namespace Capyd.Cli;

/// <summary>The little of man(7) that the manual pages need.</summary>
internal static class Roff
{
    public static string Title(string name, int section) => $".TH {name} {section} \"\" \"capyd {CapydVersion.Text}\" \"capyd\"\n";

    public static string Section(string title) => $".SH {title}\n";

    /// <summary>A tagged paragraph: the tag in bold, then the text.</summary>
    public static string Tagged(string tag, string text) => $".TP\n.B {Escape(tag)}\n{Escape(text)}\n";

    /// <summary>The first paragraph of a section.</summary>
    public static string Text(string text) => Escape(text) + "\n";

    public static string Paragraph(string text) => $".PP\n{Escape(text)}\n";

    /// <summary>Dashes stay dashes, and no line begins with a control character.</summary>
    public static string Escape(string text)
    {
        var safe = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace("…", "...", StringComparison.Ordinal);
        return safe is ['.' or '\'', ..] ? "\\&" + safe : safe;
    }
}
