using Capyd.Audit;
using Capyd.Auth;
using Capyd.Projects;
using Capyd.Storage.Schedules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Backups;

/// <summary>Contract C.4: the one daily schedule of a project, at an hour and minute of UTC.</summary>
internal static class ScheduleEndpoints
{
    private const int DefaultRetentionDays = 14;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var schedules = routes.MapGroup("/v1/projects/{projectId}/scheduled-backups").WithTags("backups");
        schedules.MapGet("", List).RequireScope(Scopes.BackupsRead).WithName("listScheduledBackups");
        schedules.MapPut("/default", PutAsync).RequireScope(Scopes.BackupsWrite).WithName("putScheduledBackup");
    }

    private static Ok<SchedulesBody> List(HttpContext context, string projectId, MetadataDatabase metadata)
    {
        var row = metadata.Read(session => ScheduleStore.FindByProject(session, ProjectAccess.Find(session, Principal.Of(context), projectId).Id));
        return TypedResults.Ok(new SchedulesBody(row is null ? [] : [Present(row)]));
    }

    private static async Task<Ok<ScheduleEnvelope>> PutAsync(
        HttpContext context, string projectId, PutScheduleRequest? request, MetadataDatabase metadata, TimeProvider clock)
    {
        var principal = Principal.Of(context);
        var (hour, minute, active, days) = Check(request);
        var label = StartBackup.Label(request!.Label) ?? "default";
        var row = await metadata.WriteAsync(tx =>
        {
            var project = ProjectAccess.Find(tx, principal, projectId);
            var now = clock.GetUtcNow();
            var earlier = ScheduleStore.FindByProject(tx, project.Id);
            ScheduleStore.Upsert(tx, (earlier ?? new ScheduleRow
            {
                Id = ScheduleId.New(), ProjectId = project.Id, OrganizationId = project.OrganizationId, Label = label, IsActive = active, CronHour = hour, CronMinute = minute, RetentionDays = days, CreatedAt = now, UpdatedAt = now,
            }) with { Label = label, CronHour = hour, CronMinute = minute, IsActive = active, RetentionDays = days, UpdatedAt = now });
            AuditTrail.Append(tx, principal, "backup_schedule.updated", project.Id, now, new AuditDetail(Name: label));
            return ScheduleStore.FindByProject(tx, project.Id)!;
        }, context.RequestAborted);
        return TypedResults.Ok(new ScheduleEnvelope(Present(row)));
    }

    private static (int Hour, int Minute, bool Active, int Days) Check(PutScheduleRequest? request)
    {
        if (request?.CronHour is not (>= 0 and <= 23))
        {
            throw CapydException.Invalid("cron_hour: wants 0 to 23, in UTC");
        }

        if (request.CronMinute is not (>= 0 and <= 59))
        {
            throw CapydException.Invalid("cron_minute: wants 0 to 59");
        }

        if (request.IsActive is null)
        {
            throw CapydException.Invalid("is_active: wants true or false");
        }

        var days = request.RetentionDays is null or 0 ? DefaultRetentionDays : request.RetentionDays.Value;
        return days is >= 1 and <= 365
            ? (request.CronHour.Value, request.CronMinute.Value, request.IsActive.Value, days)
            : throw CapydException.Invalid("retention_days: wants 1 to 365; left out or 0 it is 14");
    }

    private static ScheduleBody Present(ScheduleRow row) => new(
        row.Id.ToString(), row.ProjectId.ToString(), row.OrganizationId.ToString(), row.Label, row.CronHour, row.CronMinute, row.IsActive,
        row.RetentionDays, row.LastJobId?.ToString(), row.LastRunAt, row.CreatedAt, row.UpdatedAt);
}
