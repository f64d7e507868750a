using System.Security.Cryptography;
using Capyd.Audit;
using Capyd.Jobs;
using Capyd.Scheduling;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Projects;

namespace Capyd.Drills;

/// <summary>Begins drills by the clock. One that was missed while capyd was down is made up for once.</summary>
internal sealed class DrillScheduler(MetadataDatabase metadata, JobQueue queue, StartDrill start, CapydOptions options, TimeProvider clock) : IDueWork
{
    private static readonly HandledInstant LastFired = new("drills_last_fired_for");

    private readonly ClockGuard _guard = new(clock);

    public string Name => "drills";

    public async Task TickAsync(CancellationToken stopping)
    {
        if (options.Drills.Schedule.Length == 0 || options.Pitr.Enabled == "false" || _guard.Leap() is not null)
        {
            return;
        }

        var now = clock.GetUtcNow();
        if (metadata.Read(LastFired.Read) is not { } last)
        {
            await metadata.WriteAsync(tx => LastFired.Set(tx, now), stopping);
        }
        else if (CronExpression.Parse(options.Drills.Schedule).LastDue(last, now) is { } due)
        {
            await queue.AcceptAsync((tx, at) => Fire(tx, due, at), stopping);
        }
    }

    /// <summary>The instant counts as handled also when a drill is under way already, or when there is nothing that could be recovered yet.</summary>
    private bool Fire(MetadataTransaction tx, DateTimeOffset due, DateTimeOffset now)
    {
        LastFired.Set(tx, due);
        var ready = ProjectStore.ListAllLive(tx).Where(project => project.State == ProjectStates.Ready).ToList();
        if (ready.Count == 0 || StartDrill.IsUnderWay(tx) || !BaseBackupStore.List(tx).Any(backup => backup.State == "completed"))
        {
            return false;
        }

        var project = ready[RandomNumberGenerator.GetInt32(ready.Count)];
        var (drill, job) = start.Enqueue(tx, project, "schedule", (null, null), now);
        AuditTrail.AppendSystem(
            tx, project.OrganizationId, "drill.scheduled", project.Id, now, new AuditDetail(JobId: job.Id.ToString(), Target: drill.Id.ToString()));
        return true;
    }
}
