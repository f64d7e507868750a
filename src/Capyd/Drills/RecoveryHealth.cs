using Capyd.Alerts;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Drills;
using Capyd.Storage.Projects;
using Capyd.Wal;
using NCrontab;

namespace Capyd.Drills;

/// <summary>Tells each project when the base backup that a recovery would start from is old, and when drills of it failed.</summary>
internal sealed class RecoveryHealth(MetadataDatabase metadata, WalState wal, AlertRecorder alerts, CapydOptions options, TimeProvider clock) : IDueWork
{
    /// <summary>Seconds since the last good base backup.</summary>
    public const string BaseBackupStale = "base_backup_stale";

    /// <summary>Drills of the project that failed, in a row, since the last good one.</summary>
    public const string DrillFailure = "drill_failure";

    /// <summary>Seconds that a base backup may take longer than the last.</summary>
    private const long Slack = 2 * 3600;

    private readonly DateTimeOffset _started = clock.GetUtcNow();

    public string Name => "alerts on recovery";

    public Task TickAsync(CancellationToken stopping)
    {
        var readings = metadata.Read(session =>
        {
            var (age, failures) = (Age(session), DrillStore.FailuresInARow(session));
            return ProjectStore.ListAllLive(session).ToDictionary(
                project => project,
                project => (IReadOnlyList<AlertReading>)[age, new AlertReading(DrillFailure, failures.GetValueOrDefault(project.Id), 1, AlertThresholds.Failures)]);
        });
        return alerts.RecordAsync(readings, stopping);
    }

    /// <summary>The same for all projects: they are on one server. Where no WAL is kept or nothing is scheduled, nothing is overdue.</summary>
    private AlertReading Age(MetadataSession session)
    {
        var now = clock.GetUtcNow();
        if (!wal.Enabled || Interval(options.Pitr.BaseBackupSchedule, now) is not { } interval)
        {
            return new AlertReading(BaseBackupStale, 0, Slack, AlertThresholds.Age);
        }

        var newest = BaseBackupStore.List(session).Where(row => row is { State: "completed", VerificationState: not "failed" }).Max(row => row.CompletedAt);
        var age = (long)Math.Max(0, (now - (newest ?? _started)).TotalSeconds);
        return new AlertReading(BaseBackupStale, age, (long)interval.TotalSeconds + Slack, AlertThresholds.Age);
    }

    /// <summary>Between the next two instants; null when there are none.</summary>
    internal static TimeSpan? Interval(string schedule, DateTimeOffset now)
    {
        if (schedule.Length == 0)
        {
            return null;
        }

        var cron = CrontabSchedule.Parse(schedule);
        var next = cron.GetNextOccurrence(now.UtcDateTime);
        return cron.GetNextOccurrence(next) - next;
    }
}
