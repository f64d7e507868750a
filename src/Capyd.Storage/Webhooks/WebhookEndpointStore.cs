using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Webhooks;

public static class WebhookEndpointStore
{
    public static void Insert(MetadataTransaction transaction, WebhookEndpointRow row) => transaction.Insert(
        "webhook_endpoints",
        ("id", row.Id.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("url", row.Url),
        ("description", row.Description),
        ("event_types", TextArray.Write(row.EventTypes)),
        ("is_active", row.IsActive),
        ("secret_sealed", row.SecretSealed),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt));

    /// <summary>Writes everything that may change of an endpoint.</summary>
    public static bool Update(MetadataTransaction transaction, WebhookEndpointRow row) => transaction.ChangeOne(
        """
        UPDATE webhook_endpoints SET url = @url, description = @description, event_types = @types, is_active = @active,
          secret_sealed = @secret, updated_at = @updated WHERE id = @id
        """,
        ("id", row.Id.ToString()),
        ("url", row.Url),
        ("description", row.Description),
        ("types", TextArray.Write(row.EventTypes)),
        ("active", row.IsActive),
        ("secret", row.SecretSealed),
        ("updated", row.UpdatedAt));

    /// <summary>Removes the endpoint, and with it all its deliveries.</summary>
    public static bool Delete(MetadataTransaction transaction, WebhookEndpointId id) =>
        transaction.ChangeOne("DELETE FROM webhook_endpoints WHERE id = @id", ("id", id.ToString()));

    public static WebhookEndpointRow? Find(MetadataSession session, WebhookEndpointId id) =>
        session.First("SELECT * FROM webhook_endpoints WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<WebhookEndpointRow> List(MetadataSession session, OrganizationId organization) => session.Query(
        "SELECT * FROM webhook_endpoints WHERE organization_id = @organization ORDER BY created_at, rowid",
        Map,
        ("organization", organization.ToString()));

    /// <summary>Active endpoints of all organizations for which a delivery is due.</summary>
    public static IReadOnlyList<WebhookEndpointRow> ListDue(MetadataSession session, DateTimeOffset now) => session.Query(
        """
        SELECT * FROM webhook_endpoints AS e WHERE is_active = 1 AND EXISTS (
          SELECT 1 FROM webhook_deliveries WHERE endpoint_id = e.id AND state = 'pending' AND next_attempt_at <= @now)
        """,
        Map,
        ("now", now));

    /// <summary>The endpoints of an organization whose last attempt went wrong.</summary>
    public static IReadOnlyList<WebhookEndpointId> ListFailing(MetadataSession session, OrganizationId organization) => session.Query(
        """
        SELECT id FROM webhook_endpoints AS e WHERE organization_id = @organization AND 'delivered' <> (
          SELECT state FROM webhook_deliveries WHERE endpoint_id = e.id AND attempts > 0 ORDER BY updated_at DESC, rowid DESC LIMIT 1)
        """,
        row => row.Id<WebhookEndpointKind>("id"),
        ("organization", organization.ToString()));

    private static WebhookEndpointRow Map(ResultRow row) => new()
    {
        Id = row.Id<WebhookEndpointKind>("id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        Url = row.Text("url"),
        Description = row.TextOrNull("description"),
        EventTypes = TextArray.Read(row.Text("event_types")),
        IsActive = row.Flag("is_active"),
        SecretSealed = row.Bytes("secret_sealed"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
