using System.Globalization;
using System.Security.Cryptography;
using Capyd.Audit;
using Capyd.Jobs;
using Capyd.Scheduling;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Projects;
using Capyd.Storage.Settings;
using NCrontab;

namespace Capyd.Drills;

/// <summary>Begins drills by the clock. One that was missed while capyd was down is made up for once.</summary>
internal sealed class DrillScheduler(MetadataDatabase metadata, JobQueue queue, StartDrill start, CapydOptions options, TimeProvider clock) : IDueWork
{
    private const string LastFired = "drills_last_fired_for";

    private readonly ClockGuard _guard = new(clock);

    public string Name => "drills";

    public async Task TickAsync(CancellationToken stopping)
    {
        if (options.Drills.Schedule.Length == 0 || options.Pitr.Enabled == "false" || _guard.Leap() is not null)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var last = metadata.Read(session => SettingStore.Get(session, LastFired));
        if (last is null)
        {
            await metadata.WriteAsync(tx => SettingStore.Set(tx, LastFired, Text(now)), stopping);
        }
        else if (Due(options.Drills.Schedule, Moment(last), now) is { } due)
        {
            await queue.AcceptAsync((tx, at) => Fire(tx, due, at), stopping);
        }
    }

    /// <summary>The newest instant of the schedule after the last one that was handled; null when there is none yet.</summary>
    internal static DateTimeOffset? Due(string schedule, DateTimeOffset last, DateTimeOffset now) =>
        CrontabSchedule.Parse(schedule).GetNextOccurrences(last.UtcDateTime, now.UtcDateTime.AddTicks(1))
            .Select(instant => (DateTimeOffset?)new DateTimeOffset(instant, TimeSpan.Zero)).LastOrDefault();

    /// <summary>The instant counts as handled also when a drill is under way already, or when there is nothing that could be recovered yet.</summary>
    private bool Fire(MetadataTransaction tx, DateTimeOffset due, DateTimeOffset now)
    {
        SettingStore.Set(tx, LastFired, Text(due));
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

    private static string Text(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture));
}
