using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Uploads;

public static class UploadStore
{
    public static void Insert(MetadataTransaction transaction, UploadRow row) => transaction.Insert(
        "uploads",
        ("id", row.Id.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("project_id", row.ProjectId.ToString()),
        ("state", row.State),
        ("received_by", row.ReceivedBy),
        ("size_bytes", row.SizeBytes),
        ("sha256", row.Sha256),
        ("expires_at", row.ExpiresAt),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt));

    public static UploadRow? Find(MetadataSession session, UploadId id) =>
        session.First("SELECT * FROM uploads WHERE id = @id", Map, ("id", id.ToString()));

    public static IReadOnlyList<UploadRow> List(MetadataSession session) => session.Query("SELECT * FROM uploads ORDER BY id", Map);

    /// <summary>Takes the slot for the one upload that may fill it.</summary>
    /// <returns>False when the slot is not open any more.</returns>
    public static bool Begin(MetadataTransaction transaction, UploadId id, string bootId, DateTimeOffset now) =>
        transaction.ChangeOne(
            """
            UPDATE uploads SET state = 'receiving', received_by = @boot, updated_at = @now
            WHERE id = @id AND state = 'open' AND expires_at > @now
            """,
            ("id", id.ToString()),
            ("boot", bootId),
            ("now", now));

    /// <summary>The bytes are durable under their final name.</summary>
    public static bool Complete(
        MetadataTransaction transaction, UploadId id, string bootId, long sizeBytes, string sha256, DateTimeOffset expiresAt, DateTimeOffset now) =>
        transaction.ChangeOne(
            """
            UPDATE uploads SET state = 'uploaded', received_by = NULL, size_bytes = @size, sha256 = @sha256,
              expires_at = @expires, updated_at = @now
            WHERE id = @id AND state = 'receiving' AND received_by = @boot
            """,
            ("id", id.ToString()),
            ("boot", bootId),
            ("size", sizeBytes),
            ("sha256", sha256),
            ("expires", expiresAt),
            ("now", now));

    /// <summary>The upload broke off: its slot may be used again until it expires.</summary>
    public static bool Reopen(MetadataTransaction transaction, UploadId id, string bootId, DateTimeOffset now) =>
        transaction.ChangeOne(
            """
            UPDATE uploads SET state = 'open', received_by = NULL, updated_at = @now
            WHERE id = @id AND state = 'receiving' AND received_by = @boot
            """,
            ("id", id.ToString()),
            ("boot", bootId),
            ("now", now));

    /// <summary>Opens the slots that an earlier boot was filling when it ended.</summary>
    /// <returns>How many.</returns>
    public static int ReopenOrphans(MetadataTransaction transaction, string bootId, DateTimeOffset now) =>
        transaction.Execute(
            """
            UPDATE uploads SET state = 'open', received_by = NULL, updated_at = @now
            WHERE state = 'receiving' AND received_by <> @boot
            """,
            ("boot", bootId),
            ("now", now));

    /// <summary>Makes the file due for removal, because what it held is imported.</summary>
    public static bool Expire(MetadataTransaction transaction, UploadId id, DateTimeOffset now) =>
        transaction.ChangeOne("UPDATE uploads SET expires_at = @now, updated_at = @now WHERE id = @id", ("id", id.ToString()), ("now", now));

    /// <summary>What may be removed now: its time is over, or its project is gone; never one that is being received.</summary>
    public static IReadOnlyList<UploadRow> ListDue(MetadataSession session, DateTimeOffset now) => session.Query(
        """
        SELECT u.* FROM uploads AS u JOIN projects AS p ON p.id = u.project_id
        WHERE u.state <> 'receiving' AND (u.expires_at <= @now OR p.state = 'deleted') ORDER BY u.id
        """,
        Map,
        ("now", now));

    public static bool Delete(MetadataTransaction transaction, UploadId id) =>
        transaction.ChangeOne("DELETE FROM uploads WHERE id = @id AND state <> 'receiving'", ("id", id.ToString()));

    private static UploadRow Map(ResultRow row) => new()
    {
        Id = row.Id<UploadKind>("id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        ProjectId = row.Id<ProjectKind>("project_id"),
        State = row.Text("state"),
        ReceivedBy = row.TextOrNull("received_by"),
        SizeBytes = row.IntegerOrNull("size_bytes"),
        Sha256 = row.TextOrNull("sha256"),
        ExpiresAt = row.Time("expires_at"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
