using Capyd.Storage.Ids;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Schedules;

public static class ScheduleStore
{
    /// <summary>Makes this the project's schedule. An existing one keeps its id, its history and its creation time.</summary>
    public static void Upsert(MetadataTransaction transaction, ScheduleRow row) => transaction.Execute(
        """
        INSERT INTO schedules (id, project_id, organization_id, label, cron_hour, cron_minute, is_active,
          retention_days, last_job_id, last_run_at, last_fired_for, created_at, updated_at)
        VALUES (@id, @project, @organization, @label, @hour, @minute, @active,
          @retention, @lastJob, @lastRun, @lastFired, @created, @updated)
        ON CONFLICT (project_id) DO UPDATE SET label = excluded.label, cron_hour = excluded.cron_hour,
          cron_minute = excluded.cron_minute, is_active = excluded.is_active,
          retention_days = excluded.retention_days, updated_at = excluded.updated_at,
          last_fired_for = coalesce(excluded.last_fired_for, last_fired_for)
        """,
        ("id", row.Id.ToString()),
        ("project", row.ProjectId.ToString()),
        ("organization", row.OrganizationId.ToString()),
        ("label", row.Label),
        ("hour", row.CronHour),
        ("minute", row.CronMinute),
        ("active", row.IsActive),
        ("retention", row.RetentionDays),
        ("lastJob", row.LastJobId?.ToString()),
        ("lastRun", row.LastRunAt),
        ("lastFired", row.LastFiredFor),
        ("created", row.CreatedAt),
        ("updated", row.UpdatedAt));

    public static ScheduleRow? FindByProject(MetadataSession session, ProjectId project) => session.First(
        "SELECT * FROM schedules WHERE project_id = @project", Map, ("project", project.ToString()));

    /// <summary>Schedules that are switched on, of projects that are not deleted.</summary>
    public static IReadOnlyList<ScheduleRow> ListActive(MetadataSession session) => session.Query(
        """
        SELECT s.* FROM schedules AS s JOIN projects AS p ON p.id = s.project_id
        WHERE s.is_active = 1 AND p.state NOT IN ('deleting', 'deleted')
        ORDER BY s.cron_hour, s.cron_minute, s.id
        """,
        Map);

    /// <summary>Marks a due instant as handled, so that it never fires twice.</summary>
    /// <param name="job">The backup job, or null when the run was skipped.</param>
    /// <returns>False when this instant or a later one was handled before.</returns>
    public static bool RecordFired(
        MetadataTransaction transaction, ScheduleId id, DateTimeOffset dueInstant, JobId? job, DateTimeOffset at) =>
        transaction.ChangeOne(
            """
            UPDATE schedules SET last_fired_for = @due, updated_at = @at,
              last_job_id = coalesce(@job, last_job_id), last_run_at = iif(@job IS NULL, last_run_at, @at)
            WHERE id = @id AND (last_fired_for IS NULL OR last_fired_for < @due)
            """,
            ("id", id.ToString()),
            ("due", dueInstant),
            ("job", job?.ToString()),
            ("at", at));

    private static ScheduleRow Map(ResultRow row) => new()
    {
        Id = row.Id<ScheduleKind>("id"),
        ProjectId = row.Id<ProjectKind>("project_id"),
        OrganizationId = row.Id<OrganizationKind>("organization_id"),
        Label = row.Text("label"),
        CronHour = row.Int32("cron_hour"),
        CronMinute = row.Int32("cron_minute"),
        IsActive = row.Flag("is_active"),
        RetentionDays = row.Int32("retention_days"),
        LastJobId = row.IdOrNull<JobKind>("last_job_id"),
        LastRunAt = row.TimeOrNull("last_run_at"),
        LastFiredFor = row.TimeOrNull("last_fired_for"),
        CreatedAt = row.Time("created_at"),
        UpdatedAt = row.Time("updated_at"),
    };
}
