using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Previews;

public static partial class PreviewStore
{
    /// <summary>The preview, also when it is deleted.</summary>
    public static PreviewRow? Find(MetadataSession session, PreviewId id) =>
        session.First("SELECT * FROM previews WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>The preview unless it is deleted.</summary>
    public static PreviewRow? FindLive(MetadataSession session, PreviewId id) => session.First(
        "SELECT * FROM previews WHERE id = @id AND state <> 'deleted'", Map, ("id", id.ToString()));

    /// <summary>Newest first, without deleted ones.</summary>
    public static IReadOnlyList<PreviewRow> ListLive(MetadataSession session, ProjectId project) => session.Query(
        """
        SELECT * FROM previews WHERE project_id = @project AND state <> 'deleted'
        ORDER BY created_at DESC, rowid DESC
        """,
        Map,
        ("project", project.ToString()));

    /// <summary>Newest first, of all projects, without deleted ones.</summary>
    public static IReadOnlyList<PreviewRow> ListAllLive(MetadataSession session) => session.Query(
        "SELECT * FROM previews WHERE state <> 'deleted' ORDER BY created_at DESC, rowid DESC", Map);

    /// <summary>Those whose time is over and whose deletion has not begun, longest overdue first.</summary>
    public static IReadOnlyList<PreviewRow> ListExpired(MetadataSession session, DateTimeOffset now) => session.Query(
        """
        SELECT * FROM previews WHERE ttl_expires_at <= @now AND state NOT IN ('deleting', 'deleted')
        ORDER BY ttl_expires_at
        """,
        Map,
        ("now", now));

    private static PreviewRow Map(ResultRow row) => new()
    {
        Id = row.Id<PreviewKind>("id"),
        ProjectId = row.Id<ProjectKind>("project_id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        Name = row.Text("name"),
        Mode = row.Text("mode"),
        State = row.Text("state"),
        DatabaseName = row.Text("database_name"),
        RoleName = row.Text("role_name"),
        PasswordSealed = row.Bytes("password_sealed"),
        TtlHours = row.Int32("ttl_hours"),
        TtlExpiresAt = row.Time("ttl_expires_at"),
        SourceKind = row.TextOrNull("source_kind"),
        SourceDatabase = row.TextOrNull("source_database"),
        SourceBackupKey = row.TextOrNull("source_backup_key"),
        SourceRestoreTime = row.TimeOrNull("source_restore_time"),
        LastError = row.TextOrNull("last_error"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
        DeletedAt = row.TimeOrNull("deleted_at"),
    };
}
