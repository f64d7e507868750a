using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Backups;

public static partial class BackupStore
{
    private static readonly string DueForExpiry = SqlText.Load("Backups/ListDueForExpiry.sql");

    public static BackupRow? Find(MetadataSession session, BackupId id) =>
        session.First("SELECT * FROM backups WHERE id = @id", Map, ("id", id.ToString()));

    public static BackupRow? FindByKey(MetadataSession session, string key) =>
        session.First("SELECT * FROM backups WHERE backup_key = @key", Map, ("key", key));

    /// <summary>The backup that a job makes or made, the newest if there are several.</summary>
    public static BackupRow? FindByJob(MetadataSession session, JobId job) => session.First(
        "SELECT * FROM backups WHERE job_id = @job ORDER BY created_at DESC, rowid DESC LIMIT 1",
        Map,
        ("job", job.ToString()));

    /// <summary>Newest first, of every state; running ones only on request.</summary>
    public static IReadOnlyList<BackupRow> ListByProject(
        MetadataSession session, ProjectId project, bool includeRunning) => session.Query(
            """
            SELECT * FROM backups WHERE project_id = @project AND (@includeRunning OR state <> 'running')
            ORDER BY created_at DESC, rowid DESC
            """,
            Map,
            ("project", project.ToString()),
            ("includeRunning", includeRunning));

    /// <summary>All backups in one state, of all projects.</summary>
    public static IReadOnlyList<BackupRow> ListByState(MetadataSession session, string state) =>
        session.Query("SELECT * FROM backups WHERE state = @state ORDER BY created_at, rowid", Map, ("state", state));

    /// <summary>Completed and failed backups whose retention is over, without each project's newest verified one.</summary>
    public static IReadOnlyList<BackupRow> ListDueForExpiry(MetadataSession session, DateTimeOffset now) =>
        session.Query(DueForExpiry, Map, ("now", now));

    private static BackupRow Map(ResultRow row) => new()
    {
        Id = row.Id<BackupKind>("id"),
        ProjectId = row.Id<ProjectKind>("project_id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        DatabaseName = row.Text("database_name"),
        BackupKey = row.Text("backup_key"),
        Label = row.TextOrNull("label"),
        SizeBytes = row.Integer("size_bytes"),
        Sha256 = row.TextOrNull("sha256"),
        State = row.Text("state"),
        VerificationState = row.Text("verification_state"),
        VerificationError = row.TextOrNull("verification_error"),
        VerifiedAt = row.TimeOrNull("verified_at"),
        ScheduleId = row.IdOrNull<ScheduleKind>("schedule_id"),
        RetentionDays = row.Int32OrNull("retention_days"),
        JobId = row.Id<JobKind>("job_id"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
