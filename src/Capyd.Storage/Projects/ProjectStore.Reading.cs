using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Projects;

public static partial class ProjectStore
{
    /// <summary>The project, also when it is deleted.</summary>
    public static ProjectRow? Find(MetadataSession session, ProjectId id) =>
        session.First("SELECT * FROM projects WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>The project unless it is deleted.</summary>
    public static ProjectRow? FindLive(MetadataSession session, ProjectId id) => session.First(
        "SELECT * FROM projects WHERE id = @id AND state <> 'deleted'", Map, ("id", id.ToString()));

    /// <summary>Newest first, without deleted ones.</summary>
    public static IReadOnlyList<ProjectRow> ListLive(MetadataSession session, OrganizationId organization) =>
        session.Query(
            """
            SELECT * FROM projects WHERE organization_id = @organization AND state <> 'deleted'
            ORDER BY created_at DESC, rowid DESC
            """,
            Map,
            ("organization", organization.ToString()));

    /// <summary>Newest first, of all organizations, without deleted ones.</summary>
    public static IReadOnlyList<ProjectRow> ListAllLive(MetadataSession session) => session.Query(
        "SELECT * FROM projects WHERE state <> 'deleted' ORDER BY created_at DESC, rowid DESC", Map);

    public static bool SlugTaken(MetadataSession session, OrganizationId organization, string slug) => session.Exists(
        "SELECT 1 FROM projects WHERE organization_id = @organization AND slug = @slug AND state <> 'deleted'",
        ("organization", organization.ToString()),
        ("slug", slug));

    private static ProjectRow Map(ResultRow row) => new()
    {
        Id = row.Id<ProjectKind>("id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        Name = row.Text("name"),
        Slug = row.Text("slug"),
        Environment = row.Text("environment"),
        Region = row.Text("region"),
        Plan = row.Text("plan"),
        State = row.Text("state"),
        DatabaseName = row.Text("database_name"),
        RoleName = row.Text("role_name"),
        PasswordSealed = row.Bytes("password_sealed"),
        PendingPasswordSealed = row.BytesOrNull("pending_password_sealed"),
        MaxConnections = row.Int32("max_connections"),
        StorageLimitBytes = row.Integer("storage_limit_bytes"),
        StatementTimeout = row.Text("statement_timeout"),
        IdleTransactionTimeout = row.Text("idle_transaction_timeout"),
        AlwaysOn = row.Flag("always_on"),
        AlwaysOnExplicit = row.Flag("always_on_explicit"),
        PostgresVersion = row.TextOrNull("postgres_version"),
        LatestJobId = row.IdOrNull<JobKind>("latest_job_id"),
        LastError = row.TextOrNull("last_error"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
        DeletedAt = row.TimeOrNull("deleted_at"),
    };
}
