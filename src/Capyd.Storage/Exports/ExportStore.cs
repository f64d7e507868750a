using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Exports;

/// <summary>Exports. Changes answer false when the export is missing or not in an expected state.</summary>
public static class ExportStore
{
    public static void Insert(MetadataTransaction transaction, ExportRow row) => transaction.Insert(
        "exports",
        ("id", row.Id.ToString()),
        ("project_id", row.ProjectId.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("database_name", row.DatabaseName),
        ("object_key", row.ObjectKey),
        ("state", row.State),
        ("size_bytes", row.SizeBytes),
        ("error", row.Error),
        ("job_id", row.JobId.ToString()),
        ("expires_at", row.ExpiresAt),
        ("completed_at", row.CompletedAt),
        ("created_at", row.CreatedAt),
        ("updated_at", row.UpdatedAt));

    public static ExportRow? Find(MetadataSession session, ExportId id) =>
        session.First("SELECT * FROM exports WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>Newest first, of every state.</summary>
    public static IReadOnlyList<ExportRow> ListByProject(MetadataSession session, ProjectId project) => session.Query(
        "SELECT * FROM exports WHERE project_id = @project ORDER BY created_at DESC, rowid DESC", Map, ("project", project.ToString()));

    /// <summary>Those whose time is over, those of deleted projects, and those whose removal was begun.</summary>
    public static IReadOnlyList<ExportRow> ListDueForExpiry(MetadataSession session, DateTimeOffset now) => session.Query(
        """
        SELECT e.* FROM exports AS e JOIN projects AS p ON p.id = e.project_id
        WHERE e.state = 'deleting' OR (e.state IN ('completed', 'failed') AND (e.expires_at <= @now OR p.state = 'deleted'))
        ORDER BY e.expires_at, e.rowid
        """,
        Map,
        ("now", now));

    /// <summary>From running to completed, once the object is durable.</summary>
    public static bool Complete(MetadataTransaction transaction, ExportId id, long size, DateTimeOffset expiresAt, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE exports SET state = 'completed', size_bytes = @size, expires_at = @expires, completed_at = @at, updated_at = @at
            WHERE id = @id AND state = 'running'
            """,
            ("id", id.ToString()),
            ("size", size),
            ("expires", expiresAt),
            ("at", at));

    /// <summary>From running to failed.</summary>
    public static bool Fail(MetadataTransaction transaction, ExportId id, string error, DateTimeOffset at) => transaction.ChangeOne(
        "UPDATE exports SET state = 'failed', error = @error, updated_at = @at WHERE id = @id AND state = 'running'",
        ("id", id.ToString()),
        ("error", error),
        ("at", at));

    /// <param name="expected">Moves only from one of these states.</param>
    public static bool SetState(
        MetadataTransaction transaction, ExportId id, IReadOnlyList<string> expected, string state, DateTimeOffset at) =>
        transaction.ChangeState("exports", id.ToString(), expected, state, at);

    private static ExportRow Map(ResultRow row) => new()
    {
        Id = row.Id<ExportKind>("id"),
        ProjectId = row.Id<ProjectKind>("project_id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        DatabaseName = row.Text("database_name"),
        ObjectKey = row.Text("object_key"),
        State = row.Text("state"),
        SizeBytes = row.Integer("size_bytes"),
        Error = row.TextOrNull("error"),
        JobId = row.Id<JobKind>("job_id"),
        ExpiresAt = row.Time("expires_at"),
        CompletedAt = row.TimeOrNull("completed_at"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
