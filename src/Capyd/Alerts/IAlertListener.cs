using Capyd.Storage.Alerts;

namespace Capyd.Alerts;

/// <summary>Told of each change of an alert, inside the transaction that records it: what it writes is as durable as the alert.</summary>
internal interface IAlertListener
{
    /// <param name="alert">As it is after the change.</param>
    void Changed(MetadataTransaction tx, AlertRow alert, AlertChange change);
}
