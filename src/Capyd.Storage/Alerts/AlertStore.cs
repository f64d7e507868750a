using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Alerts;

/// <summary>Alerts: at most one open one for each project and kind; the schema refuses a second.</summary>
public static class AlertStore
{
    public static void Insert(MetadataTransaction transaction, AlertRow row) => transaction.Insert(
        "alerts",
        ("id", row.Id.ToString()),
        ("project_id", row.ProjectId.ToString()),
        ("organization_id", row.OrganizationId.ToString()),
        ("kind", row.Kind),
        ("severity", row.Severity),
        ("observed_value", row.ObservedValue),
        ("limit_value", row.LimitValue),
        ("triggered_at", row.TriggeredAt),
        ("acknowledged_at", row.AcknowledgedAt),
        ("resolved_at", row.ResolvedAt),
        ("last_notified_at", row.LastNotifiedAt));

    /// <summary>Writes what is seen now. Who acknowledged it is not touched.</summary>
    /// <returns>False when the alert is resolved already.</returns>
    public static bool Update(MetadataTransaction transaction, AlertRow row) => transaction.ChangeOne(
        """
        UPDATE alerts SET severity = @severity, observed_value = @observed, limit_value = @limit,
          resolved_at = @resolved, last_notified_at = @notified
        WHERE id = @id AND resolved_at IS NULL
        """,
        ("id", row.Id.ToString()),
        ("severity", row.Severity),
        ("observed", row.ObservedValue),
        ("limit", row.LimitValue),
        ("resolved", row.ResolvedAt),
        ("notified", row.LastNotifiedAt));

    /// <summary>The first acknowledgement stays.</summary>
    /// <returns>False when somebody acknowledged it before.</returns>
    public static bool Acknowledge(MetadataTransaction transaction, AlertId id, DateTimeOffset at) => transaction.ChangeOne(
        "UPDATE alerts SET acknowledged_at = @at WHERE id = @id AND acknowledged_at IS NULL",
        ("id", id.ToString()),
        ("at", at));

    public static AlertRow? Find(MetadataSession session, AlertId id) =>
        session.First("SELECT * FROM alerts WHERE id = @id", Map, ("id", id.ToString()));

    /// <summary>Open alerts of all projects, also of those deleted since.</summary>
    public static IReadOnlyList<AlertRow> ListOpen(MetadataSession session) =>
        session.Query("SELECT * FROM alerts WHERE resolved_at IS NULL ORDER BY triggered_at, rowid", Map);

    /// <summary>Newest first: the open ones, and those resolved since <paramref name="resolvedSince"/>.</summary>
    public static IReadOnlyList<AlertRow> ListByProject(MetadataSession session, ProjectId project, DateTimeOffset resolvedSince) => session.Query(
        """
        SELECT * FROM alerts WHERE project_id = @project AND (resolved_at IS NULL OR resolved_at >= @since)
        ORDER BY triggered_at DESC, rowid DESC
        """,
        Map,
        ("project", project.ToString()),
        ("since", resolvedSince));

    private static AlertRow Map(ResultRow row) => new()
    {
        Id = row.Id<AlertKind>("id"),
        ProjectId = row.Id<ProjectKind>("project_id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        Kind = row.Text("kind"),
        Severity = row.Text("severity"),
        ObservedValue = row.Integer("observed_value"),
        LimitValue = row.Integer("limit_value"),
        TriggeredAt = row.Time("triggered_at"),
        AcknowledgedAt = row.TimeOrNull("acknowledged_at"),
        ResolvedAt = row.TimeOrNull("resolved_at"),
        LastNotifiedAt = row.TimeOrNull("last_notified_at"),
    };
}
