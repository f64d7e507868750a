using Capyd.Alerts;
using Capyd.Storage.Alerts;

namespace Capyd.Webhooks;

/// <summary>Turns each change of an alert that somebody should hear of into an event.</summary>
internal sealed class EventsOfAlerts(WebhookOutbox outbox, TimeProvider clock) : IAlertListener
{
    public void Changed(MetadataTransaction tx, AlertRow alert, AlertChange change)
    {
        var type = change == AlertChange.Resolved ? EventTypes.AlertResolved : EventTypes.AlertTriggered;
        outbox.Write(tx, WebhookOutbox.Listeners(tx, alert.OrganizationId), type, new EventData(Alert: Present(alert)), clock.GetUtcNow());
    }

    private static EventAlert Present(AlertRow row) => new(
        row.Id.ToString(), row.ProjectId.ToString(), row.Kind, row.Severity, row.ObservedValue, row.LimitValue, row.TriggeredAt, row.AcknowledgedAt,
        row.ResolvedAt);
}
