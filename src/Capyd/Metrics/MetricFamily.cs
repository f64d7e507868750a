using System.Globalization;
using System.Text;

namespace Capyd.Metrics;

/// <summary>One name with its meaning, and its values by label.</summary>
internal sealed class MetricFamily(string name, string type, string help)
{
    private readonly List<string> _lines = [];

    /// <summary>Nothing is shown for what is not known.</summary>
    public MetricFamily Add(double? value, params ReadOnlySpan<(string Name, string Value)> labels) => AddPart("", value, labels);

    /// <summary>The same for a part of a histogram, such as <c>_bucket</c>.</summary>
    public MetricFamily AddPart(string suffix, double? value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (value is { } known)
        {
            _lines.Add($"{name}{suffix}{Labels(labels)} {Number(known)}");
        }

        return this;
    }

    public void WriteTo(StringBuilder text)
    {
        if (_lines.Count > 0)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(help, quote: false)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            text.AppendJoin('\n', _lines).Append('\n');
        }
    }

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Labels(ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (labels.Length == 0)
        {
            return "";
        }

        var text = new StringBuilder("{");
        foreach (var (label, value) in labels)
        {
            text.Append(text.Length > 1 ? "," : "").Append(label).Append("=\"").Append(Escape(value, quote: true)).Append('"');
        }

        return text.Append('}').ToString();
    }

    private static string Escape(string text, bool quote)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quote ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
