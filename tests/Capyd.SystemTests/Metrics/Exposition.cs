using System.Globalization;
using System.Text.RegularExpressions;

namespace Capyd.SystemTests.Metrics;

/// <summary>A strict reading of the Prometheus text format: whatever is not right in it fails the test.</summary>
public sealed partial class Exposition
{
    private readonly Dictionary<string, string> _types = [];
    private readonly Dictionary<string, double> _samples = [];
    private readonly HashSet<string> _closed = [];
    private string? _family;

    private Exposition()
    {
    }

    public IReadOnlyCollection<string> Families => _types.Keys;

    public IReadOnlyCollection<string> Samples => _samples.Keys;

    public double this[string sample] => _samples.TryGetValue(sample, out var value)
        ? value
        : throw new KeyNotFoundException($"there is no {sample} among:\n{string.Join('\n', _samples.Keys)}");

    public static Exposition Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var exposition = new Exposition();
        string? help = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } described)
            {
                help = described.Groups[1].Value;
            }
            else if (Type().Match(line) is { Success: true } typed)
            {
                Assert.Equal(help, typed.Groups[1].Value);
                exposition.Open(typed.Groups[1].Value, typed.Groups[2].Value);
            }
            else
            {
                exposition.Take(line);
            }
        }

        return exposition;
    }

    private void Open(string family, string type)
    {
        Assert.True(_types.TryAdd(family, type), $"{family} is described twice");
        Assert.True(_family is null || _closed.Add(_family));
        _family = family;
        Assert.True(type != "counter" || family.EndsWith("_total", StringComparison.Ordinal), $"the counter {family} does not end in _total");
    }

    private void Take(string line)
    {
        var match = Sample().Match(line);
        Assert.True(match.Success, $"no sample: {line}");
        var name = match.Groups[1].Value;
        var family = _types.GetValueOrDefault(_family ?? "") == "histogram" ? HistogramPart().Replace(name, "") : name;
        Assert.Equal(_family, family);
        var value = match.Groups[3].Value == "+Inf" ? double.PositiveInfinity : double.Parse(match.Groups[3].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        Assert.True(_samples.TryAdd(name + match.Groups[2].Value, value), $"{line} is there twice");
    }

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) \\S.*$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)+\})? (\+Inf|-?[0-9.]+(?:E[+-]?[0-9]+)?)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}
