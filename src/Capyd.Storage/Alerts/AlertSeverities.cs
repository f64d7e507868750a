namespace Capyd.Storage.Alerts;

/// <summary>The words that the schema accepts as the severity of an alert.</summary>
public static class AlertSeverities
{
    public const string Warning = "warning";
    public const string Critical = "critical";
}
