using Capyd.Storage.Alerts;

namespace Capyd.Alerts;

/// <summary>What a reading means for an alert. Pure.</summary>
internal static class AlertPolicy
{
    /// <summary>An open alert that nobody acknowledged is told of again after this long, and not before.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromHours(24);

    /// <summary>The severity after this reading; null is no alert.</summary>
    /// <param name="current">The severity of the open alert; null when none is open.</param>
    public static string? Severity(string? current, AlertReading reading)
    {
        var (percent, thresholds) = (reading.Percent, reading.Thresholds);
        if (percent >= thresholds.Critical)
        {
            return AlertSeverities.Critical;
        }

        return current switch
        {
            null => percent >= thresholds.Open ? AlertSeverities.Warning : null,
            _ when percent < thresholds.Resolve => null,
            AlertSeverities.Critical when percent >= thresholds.Ease => AlertSeverities.Critical,
            _ => AlertSeverities.Warning,
        };
    }

    /// <summary>What to tell; null when nothing, as when it eases.</summary>
    public static AlertChange? Change(AlertRow? open, string? severity, DateTimeOffset now) => (open?.Severity, severity) switch
    {
        (null, not null) => AlertChange.Opened,
        (not null, null) => AlertChange.Resolved,
        (AlertSeverities.Warning, AlertSeverities.Critical) => AlertChange.Escalated,
        (not null, not null) when open!.AcknowledgedAt is null && now - (open.LastNotifiedAt ?? open.TriggeredAt) >= RepeatAfter => AlertChange.Repeated,
        _ => null,
    };
}
