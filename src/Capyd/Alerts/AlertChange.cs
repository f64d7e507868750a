namespace Capyd.Alerts;

/// <summary>What happened to an alert that somebody should be told of.</summary>
internal enum AlertChange
{
    Opened,

    /// <summary>From warning to critical.</summary>
    Escalated,

    /// <summary>Still open a day after it was last told of, and not acknowledged.</summary>
    Repeated,

    Resolved,
}
