namespace Capyd.Alerts;

/// <summary>When an alert opens, worsens, eases and ends, in percent of the limit. What lies between is left as it is, so
/// that a value that swings around a threshold does not ring twice.</summary>
internal sealed record AlertThresholds(double Open, double Critical, double Ease, double Resolve)
{
    /// <summary>Contract D.11.</summary>
    public static readonly AlertThresholds Usage = new(80, 95, 90, 75);

    /// <summary>The first failure is a warning, the third in a row critical; one success ends it.</summary>
    public static readonly AlertThresholds Failures = new(100, 300, 300, 100);

    /// <summary>Twice the limit is critical.</summary>
    public static readonly AlertThresholds Age = new(100, 200, 200, 100);

    /// <summary>Critical from the limit on.</summary>
    public static readonly AlertThresholds Outage = new(100, 100, 100, 100);
}
