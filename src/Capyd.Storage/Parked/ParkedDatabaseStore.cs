using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Parked;

public static class ParkedDatabaseStore
{
    public static void Insert(MetadataTransaction transaction, ParkedDatabaseRow row) => transaction.Insert(
        "parked_databases",
        ("id", row.Id.ToString()),
        ("project_id", row.ProjectId?.ToString()),
        ("preview_id", row.PreviewId?.ToString()),
        ("database_name", row.DatabaseName),
        ("job_id", row.JobId.ToString()),
        ("expires_at", row.ExpiresAt),
        ("created_at", row.CreatedAt));

    /// <summary>What was last replaced in the project itself, not in one of its previews.</summary>
    public static ParkedDatabaseRow? FindNewestForProject(MetadataSession session, ProjectId project) => session.First(
        """
        SELECT * FROM parked_databases WHERE project_id = @project AND preview_id IS NULL
        ORDER BY created_at DESC, rowid DESC LIMIT 1
        """,
        Map,
        ("project", project.ToString()));

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<ParkedDatabaseRow> List(MetadataSession session) =>
        session.Query("SELECT * FROM parked_databases ORDER BY created_at DESC, rowid DESC", Map);

    /// <summary>Those whose undo period is over, longest overdue first.</summary>
    public static IReadOnlyList<ParkedDatabaseRow> ListExpired(MetadataSession session, DateTimeOffset now) =>
        session.Query("SELECT * FROM parked_databases WHERE expires_at <= @now ORDER BY expires_at", Map, ("now", now));

    public static bool Delete(MetadataTransaction transaction, ParkedDatabaseId id) =>
        transaction.ChangeOne("DELETE FROM parked_databases WHERE id = @id", ("id", id.ToString()));

    private static ParkedDatabaseRow Map(ResultRow row) => new()
    {
        Id = row.Id<ParkedDatabaseKind>("id"),
        ProjectId = row.IdOrNull<ProjectKind>("project_id"),
        PreviewId = row.IdOrNull<PreviewKind>("preview_id"),
        DatabaseName = row.Text("database_name"),
        JobId = row.Id<JobKind>("job_id"),
        ExpiresAt = row.Time("expires_at"),
        CreatedAt = row.Time("created_at"),
    };
}
