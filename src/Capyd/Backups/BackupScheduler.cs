using Capyd.Audit;
using Capyd.Jobs;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;
using Capyd.Storage.Schedules;

namespace Capyd.Backups;

/// <summary>Starts the daily backups that are due: each due instant once, remembered in the transaction that accepts the job.</summary>
internal sealed partial class BackupScheduler(MetadataDatabase metadata, JobQueue queue, StartBackup start, TimeProvider clock, ILogger<BackupScheduler> logger) : IDueWork
{
    public string Name => "backup schedules";

    public async Task TickAsync(CancellationToken stopping)
    {
        foreach (var schedule in metadata.Read(ScheduleStore.ListActive))
        {
            var due = DailySchedule.DueNow(
                schedule.CronHour, schedule.CronMinute, schedule.UpdatedAt, schedule.LastFiredFor, DailySchedule.Jitter(schedule.ProjectId), clock.GetUtcNow());
            if (due is { } instant)
            {
                await FireAsync(schedule, instant, stopping);
            }
        }
    }

    private async Task FireAsync(ScheduleRow schedule, DateTimeOffset due, CancellationToken stopping)
    {
        try
        {
            await queue.AcceptAsync((tx, now) => Fire(tx, schedule, due, now), stopping);
        }
        catch (CapydException e) when (e.Code == ErrorCode.ActiveOperation)
        {
            LogPutOff(schedule.ProjectId);
        }
    }

    /// <summary>A run that is still under way is not doubled: the instant counts as handled.</summary>
    private bool Fire(MetadataTransaction tx, ScheduleRow schedule, DateTimeOffset due, DateTimeOffset now)
    {
        var project = ProjectStore.FindLive(tx, schedule.ProjectId);
        var stillRunning = schedule.LastJobId is { } last && JobStore.Find(tx, last) is { State: "pending" or "running" };
        if (project is null || stillRunning)
        {
            ScheduleStore.RecordFired(tx, schedule.Id, due, schedule.LastJobId, now);
            return false;
        }

        if (project.State != "ready")
        {
            return false;
        }

        var job = start.Enqueue(tx, project, schedule.Label, schedule, now);
        ScheduleStore.RecordFired(tx, schedule.Id, due, job.Id, now);
        AuditTrail.AppendSystem(tx, project.OrganizationId, "backup.scheduled", project.Id, now, new AuditDetail(JobId: job.Id.ToString()));
        return true;
    }

    [LoggerMessage(5000, LogLevel.Information, "the backup of {Project} is due, and another operation is under way; it is looked at again in a minute")]
    private partial void LogPutOff(ProjectId project);
}
