using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Audit;

/// <summary>The audit log: the schema itself refuses to change or remove an event.</summary>
public static class AuditEventStore
{
    public static void Append(MetadataTransaction transaction, AuditEventRow row) => transaction.Insert(
        "audit_events",
        ("id", row.Id.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("project_id", row.ProjectId?.ToString()),
        ("action", row.Action),
        ("actor_kind", row.ActorKind),
        ("actor_id", row.ActorId),
        ("metadata_json", row.MetadataJson),
        ("created_at", row.CreatedAt));

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<AuditEventRow> ListByProject(MetadataSession session, ProjectId project, int limit) =>
        session.Query(
            "SELECT * FROM audit_events WHERE project_id = @project ORDER BY created_at DESC, rowid DESC LIMIT @limit",
            Map,
            ("project", project.ToString()),
            ("limit", limit));

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<AuditEventRow> ListByOrganization(
        MetadataSession session, OrganizationId organization, int limit) => session.Query(
            """
            SELECT * FROM audit_events WHERE organization_id = @organization
            ORDER BY created_at DESC, rowid DESC LIMIT @limit
            """,
            Map,
            ("organization", organization.ToString()),
            ("limit", limit));

    private static AuditEventRow Map(ResultRow row) => new()
    {
        Id = row.Id<AuditEventKind>("id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        ProjectId = row.IdOrNull<ProjectKind>("project_id"),
        Action = row.Text("action"),
        ActorKind = row.Text("actor_kind"),
        ActorId = row.TextOrNull("actor_id"),
        MetadataJson = row.Text("metadata_json"),
        CreatedAt = row.Time("created_at"),
    };
}
