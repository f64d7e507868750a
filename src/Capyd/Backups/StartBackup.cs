using System.Text.Json;
using Capyd.Archives;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;
using Capyd.Storage.Schedules;

namespace Capyd.Backups;

/// <summary>Accepts a backup. By hand and by schedule take the same path (trap 90).</summary>
internal sealed class StartBackup(JobQueue queue, CapydOptions options)
{
    private const int LongestLabel = 200;

    public Task<JobRow> RunAsync(Principal principal, string projectId, string? label, CancellationToken cancellation)
    {
        var checkedLabel = Label(label);
        return queue.AcceptAsync((tx, now) =>
        {
            var project = ProjectAccess.FindReady(tx, principal, projectId);
            var job = Enqueue(tx, project, checkedLabel, null, now);
            AuditTrail.Append(tx, principal, "backup.started", project.Id, now, new AuditDetail(JobId: job.Id.ToString()));
            return job;
        }, cancellation);
    }

    /// <summary>The same for a schedule, inside its own transaction.</summary>
    public JobRow Enqueue(MetadataTransaction tx, ProjectRow project, string? label, ScheduleRow? schedule, DateTimeOffset now)
    {
        var id = BackupId.New();
        var job = queue.Enqueue(tx, new NewJob(BackupJob.JobType, project.OrganizationId)
        {
            Project = project.Id, LockedResource = JobQueue.ProjectLock(project.Id), Shared = true,
            PayloadJson = JsonSerializer.Serialize(new BackupPayload(id.ToString()), BackupsJson.Default.BackupPayload),
        }, now);
        BackupStore.Insert(tx, NewRow(id, job.Id, project, label, now) with
        {
            ScheduleId = schedule?.Id, RetentionDays = schedule?.RetentionDays ?? options.Backups.RetentionDays,
        });
        return job;
    }

    public static BackupRow NewRow(BackupId id, JobId job, ProjectRow project, string? label, DateTimeOffset now) => new()
    {
        Id = id, ProjectId = project.Id, OrganizationId = project.OrganizationId, DatabaseName = project.DatabaseName,
        BackupKey = ArchiveStore.NewKey(project.Id, id, now), Label = label, State = "running", VerificationState = "pending",
        JobId = job, CreatedAt = now, UpdatedAt = now,
    };

    public static string? Label(string? label)
    {
        var trimmed = label?.Trim();
        return trimmed is { Length: > LongestLabel } || (trimmed is not null && !ProjectNaming.IsPlain(trimmed))
            ? throw CapydException.Invalid($"label: wants at most {LongestLabel} characters without control characters")
            : string.IsNullOrEmpty(trimmed) ? null : trimmed;
    }
}
