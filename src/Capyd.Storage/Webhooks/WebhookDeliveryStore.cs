using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Webhooks;

public static class WebhookDeliveryStore
{
    public static void Insert(MetadataTransaction transaction, WebhookDeliveryRow row) => transaction.Insert(
        "webhook_deliveries",
        ("id", row.Id.ToString()),
        ("endpoint_id", row.EndpointId.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("event_type", row.EventType),
        ("payload", row.Payload),
        ("state", row.State),
        ("attempts", row.Attempts),
        ("max_attempts", row.MaxAttempts),
        ("next_attempt_at", row.NextAttemptAt),
        ("delivered_at", row.DeliveredAt),
        ("response_status", row.ResponseStatus),
        ("last_error", row.LastError),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt));

    /// <summary>Writes how an attempt of a pending delivery ended.</summary>
    /// <param name="ended">The row with its new state, attempts and next attempt.</param>
    /// <returns>False when it is gone, because its endpoint was deleted meanwhile.</returns>
    public static bool RecordAttempt(MetadataTransaction transaction, WebhookDeliveryRow ended) => transaction.ChangeOne(
        """
        UPDATE webhook_deliveries SET state = @state, attempts = @attempts, next_attempt_at = @next, delivered_at = @delivered,
          response_status = @status, last_error = @error, updated_at = @updated
        WHERE id = @id AND state = 'pending'
        """,
        ("id", ended.Id.ToString()),
        ("state", ended.State),
        ("attempts", ended.Attempts),
        ("next", ended.NextAttemptAt),
        ("delivered", ended.DeliveredAt),
        ("status", ended.ResponseStatus),
        ("error", ended.LastError),
        ("updated", ended.UpdatedAt));

    /// <summary>Forgets deliveries of any state that were written before an instant.</summary>
    /// <returns>How many.</returns>
    public static int Prune(MetadataTransaction transaction, DateTimeOffset before) =>
        transaction.Execute("DELETE FROM webhook_deliveries WHERE created_at < @before", ("before", before));

    public static bool HasOlderThan(MetadataSession session, DateTimeOffset before) =>
        session.Exists("SELECT 1 FROM webhook_deliveries WHERE created_at < @before", ("before", before));

    public static WebhookDeliveryRow? Find(MetadataSession session, WebhookDeliveryId id) =>
        session.First("SELECT * FROM webhook_deliveries WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<WebhookDeliveryRow> List(MetadataSession session, WebhookEndpointId endpoint, int limit) => session.Query(
        "SELECT * FROM webhook_deliveries WHERE endpoint_id = @endpoint ORDER BY created_at DESC, rowid DESC LIMIT @limit",
        Map,
        ("endpoint", endpoint.ToString()),
        ("limit", limit));

    /// <summary>The delivery of an endpoint that has waited longest, if one is due.</summary>
    public static WebhookDeliveryRow? NextDue(MetadataSession session, WebhookEndpointId endpoint, DateTimeOffset now) => session.First(
        """
        SELECT * FROM webhook_deliveries WHERE endpoint_id = @endpoint AND state = 'pending' AND next_attempt_at <= @now
        ORDER BY next_attempt_at, rowid LIMIT 1
        """,
        Map,
        ("endpoint", endpoint.ToString()),
        ("now", now));

    /// <summary>When the next delivery of an active endpoint becomes due after an instant; null when none will.</summary>
    public static DateTimeOffset? NextAttemptAfter(MetadataSession session, DateTimeOffset now) => session.First(
        """
        SELECT min(d.next_attempt_at) AS due FROM webhook_deliveries AS d JOIN webhook_endpoints AS e ON e.id = d.endpoint_id
        WHERE d.state = 'pending' AND d.next_attempt_at > @now AND e.is_active = 1
        """,
        row => row.TimeOrNull("due"),
        ("now", now));

    private static WebhookDeliveryRow Map(ResultRow row) => new()
    {
        Id = row.Id<WebhookDeliveryKind>("id"),
        EndpointId = row.Id<WebhookEndpointKind>("endpoint_id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        EventType = row.Text("event_type"),
        Payload = row.Text("payload"),
        State = row.Text("state"),
        Attempts = row.Int32("attempts"),
        MaxAttempts = row.Int32("max_attempts"),
        NextAttemptAt = row.Time("next_attempt_at"),
        DeliveredAt = row.TimeOrNull("delivered_at"),
        ResponseStatus = row.Int32OrNull("response_status"),
        LastError = row.TextOrNull("last_error"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
