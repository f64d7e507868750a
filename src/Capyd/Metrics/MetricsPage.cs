using System.Text;
using System.Text.RegularExpressions;

namespace Capyd.Metrics;

/// <summary>The text that Prometheus reads: each family once, its values together.</summary>
internal sealed partial class MetricsPage(OrganizationId? audience, DateTimeOffset now)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly List<MetricFamily> _inOrder = [];

    public DateTimeOffset Now => now;

    /// <summary>Whether the reader may be told of this organization's projects one by one.</summary>
    public bool Shows(OrganizationId organization) => audience is null || audience == organization;

    public MetricFamily Gauge(string name, string help) => Family(name, "gauge", help);

    /// <param name="name">Ends in <c>_total</c>.</param>
    public MetricFamily Counter(string name, string help) => Family(name, "counter", help);

    public MetricFamily Histogram(string name, string help) => Family(name, "histogram", help);

    /// <summary>Seconds since then; null when it never was. A clock that was set back makes nothing negative.</summary>
    public double? Age(DateTimeOffset? at) => at is { } then ? Math.Max(0, (now - then).TotalSeconds) : null;

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var family in _inOrder)
        {
            family.WriteTo(text);
        }

        return text.ToString();
    }

    private MetricFamily Family(string name, string type, string help)
    {
        if (!Name().IsMatch(name) || help.Length == 0)
        {
            throw new ArgumentException($"'{name}' is no name of a metric, or it has no meaning", nameof(name));
        }

        var family = new MetricFamily(name, type, help);
        if (!_families.TryAdd(name, family))
        {
            throw new ArgumentException($"the metric {name} is written twice", nameof(name));
        }

        _inOrder.Add(family);
        return family;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex Name();
}
