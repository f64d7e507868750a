namespace Capyd.Alerts;

/// <summary>What is seen of a project at one moment, beside the most that it should be; both in the unit of the kind.</summary>
internal sealed record AlertReading(string Kind, long Observed, long Limit, AlertThresholds Thresholds)
{
    public double Percent => Limit <= 0 ? 0 : 100.0 * Observed / Limit;
}
