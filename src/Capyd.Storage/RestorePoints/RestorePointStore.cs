using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.RestorePoints;

/// <summary>Restore points. Each is there until its label is taken away; then the row is gone.</summary>
public static class RestorePointStore
{
    private const string Select = "SELECT r.*, b.backup_key FROM restore_points AS r LEFT JOIN backups AS b ON b.id = r.backup_id";

    public static void Insert(MetadataTransaction transaction, RestorePointRow row) => transaction.Insert(
        "restore_points",
        ("id", row.Id.ToString()),
        ("project_id", row.ProjectId.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("label", row.Label),
        ("note", row.Note),
        ("kind", row.Kind),
        ("state", row.State),
        ("backup_id", row.BackupId?.ToString()),
        ("pitr_time", row.PitrTime),
        ("wal_name", row.WalName),
        ("wal_lsn", row.WalLsn),
        ("created_by_actor_kind", row.CreatedByActorKind),
        ("created_by_actor_id", row.CreatedByActorId),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt));

    public static RestorePointRow? Find(MetadataSession session, RestorePointId id) =>
        session.First($"{Select} WHERE r.id = @id", Map, ("id", id.ToString()));

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<RestorePointRow> ListByProject(MetadataSession session, ProjectId project) => session.Query(
        $"{Select} WHERE r.project_id = @project ORDER BY r.created_at DESC, r.rowid DESC", Map, ("project", project.ToString()));

    /// <summary>The labels of instants, of all projects: what the kept WAL must still reach.</summary>
    public static IReadOnlyList<RestorePointRow> ListInstants(MetadataSession session) =>
        session.Query($"{Select} WHERE r.kind = 'pitr' AND r.state = 'active' ORDER BY r.created_at, r.rowid", Map);

    /// <summary>Whether a label keeps the backup.</summary>
    public static bool IsPinned(MetadataSession session, BackupId backup) =>
        session.Exists("SELECT 1 FROM restore_points WHERE backup_id = @backup AND state = 'active'", ("backup", backup.ToString()));

    /// <returns>False when there is none.</returns>
    public static bool Delete(MetadataTransaction transaction, RestorePointId id) =>
        transaction.ChangeOne("DELETE FROM restore_points WHERE id = @id", ("id", id.ToString()));

    /// <returns>How many there were.</returns>
    public static int DeleteByProject(MetadataTransaction transaction, ProjectId project) =>
        transaction.Execute("DELETE FROM restore_points WHERE project_id = @project", ("project", project.ToString()));

    private static RestorePointRow Map(ResultRow row) => new()
    {
        Id = row.Id<RestorePointKind>("id"),
        ProjectId = row.Id<ProjectKind>("project_id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        Label = row.Text("label"),
        Note = row.TextOrNull("note"),
        Kind = row.Text("kind"),
        State = row.Text("state"),
        BackupId = row.IdOrNull<BackupKind>("backup_id"),
        BackupKey = row.TextOrNull("backup_key"),
        PitrTime = row.TimeOrNull("pitr_time"),
        WalName = row.TextOrNull("wal_name"),
        WalLsn = row.TextOrNull("wal_lsn"),
        CreatedByActorKind = row.Text("created_by_actor_kind"),
        CreatedByActorId = row.TextOrNull("created_by_actor_id"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
