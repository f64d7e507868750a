using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.ApiKeys;

public static class ApiKeyStore
{
    public static void Insert(MetadataTransaction transaction, ApiKeyRow row) => transaction.Insert(
        "api_keys",
        ("id", row.Id.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("name", row.Name),
        ("key_prefix", row.KeyPrefix),
        ("key_hash", row.KeyHash),
        ("scopes", TextArray.Write(row.Scopes)),
        ("source", row.Source),
        ("project_id", row.ProjectId?.ToString()),
        ("device_name", row.DeviceName),
        ("manager", row.Manager),
        ("created_by_user_id", row.CreatedByUserId),
        ("created_at", row.CreatedAt),
        ("expires_at", row.ExpiresAt),
        ("last_used_at", row.LastUsedAt),
        ("revoked_at", row.RevokedAt));

    /// <summary>The key of that hash, also one that is revoked or expired.</summary>
    public static ApiKeyRow? FindByHash(MetadataSession session, byte[] sha256) =>
        session.First("SELECT * FROM api_keys WHERE key_hash = @hash", Map, ("hash", sha256));

    public static ApiKeyRow? Find(MetadataSession session, ApiKeyId id) =>
        session.First("SELECT * FROM api_keys WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>Newest first, with revoked ones.</summary>
    public static IReadOnlyList<ApiKeyRow> ListByOrganization(MetadataSession session, OrganizationId organization) =>
        session.Query(
            "SELECT * FROM api_keys WHERE organization_id = @organization ORDER BY created_at DESC, rowid DESC",
            Map,
            ("organization", organization.ToString()));

    /// <summary>Newest first, with revoked ones.</summary>
    public static IReadOnlyList<ApiKeyRow> ListAll(MetadataSession session) =>
        session.Query("SELECT * FROM api_keys ORDER BY created_at DESC, rowid DESC", Map);

    /// <returns>False when there is no such key, or it was revoked before.</returns>
    public static bool Revoke(MetadataTransaction transaction, ApiKeyId id, DateTimeOffset at) =>
        transaction.ChangeOne(
            "UPDATE api_keys SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL",
            ("id", id.ToString()),
            ("at", at));

    public static bool TouchLastUsed(MetadataTransaction transaction, ApiKeyId id, DateTimeOffset at) =>
        transaction.ChangeOne(
            "UPDATE api_keys SET last_used_at = @at WHERE id = @id", ("id", id.ToString()), ("at", at));

    private static ApiKeyRow Map(ResultRow row) => new()
    {
        Id = row.Id<ApiKeyKind>("id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        Name = row.Text("name"),
        KeyPrefix = row.Text("key_prefix"),
        KeyHash = row.Bytes("key_hash"),
        Scopes = TextArray.Read(row.Text("scopes")),
        Source = row.Text("source"),
        ProjectId = row.IdOrNull<ProjectKind>("project_id"),
        DeviceName = row.TextOrNull("device_name"),
        Manager = row.Flag("manager"),
        CreatedByUserId = row.TextOrNull("created_by_user_id"),
        CreatedAt = row.Time("created_at"),
        ExpiresAt = row.TimeOrNull("expires_at"),
        LastUsedAt = row.TimeOrNull("last_used_at"),
        RevokedAt = row.TimeOrNull("revoked_at"),
    };
}
