using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.LoginSessions;

public static class LoginSessionStore
{
    /// <summary>Writes a new session that nobody has authorized.</summary>
    public static void Insert(MetadataTransaction transaction, LoginSessionRow row) => transaction.Insert(
        "login_sessions",
        ("id", row.Id.ToString()),
        ("poll_token_hash", row.PollTokenHash),
        ("source", row.Source),
        ("key_name", row.KeyName),
        ("device_name", row.DeviceName),
        ("scopes", TextArray.Write(row.Scopes)),
        ("key_expires_at", row.KeyExpiresAt),
        ("expires_at", row.ExpiresAt),
        ("created_at", row.CreatedAt));

    /// <returns>False when it is authorized, over or not there.</returns>
    public static bool Authorize(MetadataTransaction transaction, LoginSessionId id, OrganizationId organization, string? user, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE login_sessions SET authorized_at = @at, organization_id = @organization, user_id = @user
            WHERE id = @id AND authorized_at IS NULL AND expires_at > @at
            """,
            ("id", id.ToString()),
            ("organization", organization.ToString()),
            ("user", user),
            ("at", at));

    /// <returns>False when the key was collected before, or nobody has authorized it.</returns>
    public static bool Collect(MetadataTransaction transaction, LoginSessionId id, ApiKeyId key, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE login_sessions SET collected_at = @at, api_key_id = @key
            WHERE id = @id AND authorized_at IS NOT NULL AND collected_at IS NULL AND expires_at > @at
            """,
            ("id", id.ToString()),
            ("key", key.ToString()),
            ("at", at));

    /// <summary>Forgets sessions that were over before an instant.</summary>
    public static int Prune(MetadataTransaction transaction, DateTimeOffset before) =>
        transaction.Execute("DELETE FROM login_sessions WHERE expires_at < @before", ("before", before));

    /// <summary>How many sessions have not run out of time yet.</summary>
    public static long CountOpen(MetadataSession session, DateTimeOffset now) =>
        session.First("SELECT count(*) AS open FROM login_sessions WHERE expires_at > @now", row => row.Integer("open"), ("now", now));

    public static LoginSessionRow? Find(MetadataSession session, LoginSessionId id) =>
        session.First("SELECT * FROM login_sessions WHERE id = @id", Map, ("id", id.ToString()));

    private static LoginSessionRow Map(ResultRow row) => new()
    {
        Id = row.Id<LoginSessionKind>("id"),
        PollTokenHash = row.Bytes("poll_token_hash"),
        Source = row.Text("source"),
        KeyName = row.Text("key_name"),
        DeviceName = row.TextOrNull("device_name"),
        Scopes = TextArray.Read(row.Text("scopes")),
        KeyExpiresAt = row.TimeOrNull("key_expires_at"),
        ExpiresAt = row.Time("expires_at"),
        AuthorizedAt = row.TimeOrNull("authorized_at"),
        OrganizationId = row.IdOrNull<OrganizationKind>("organization_id"),
        UserId = row.TextOrNull("user_id"),
        CollectedAt = row.TimeOrNull("collected_at"),
        ApiKeyId = row.IdOrNull<ApiKeyKind>("api_key_id"),
        CreatedAt = row.Time("created_at"),
    };
}
