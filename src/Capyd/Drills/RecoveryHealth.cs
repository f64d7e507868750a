using Capyd.Alerts;
using Capyd.BaseBackups;
using Capyd.Storage.Drills;
using Capyd.Storage.Projects;

namespace Capyd.Drills;

/// <summary>Tells each project when the base backup that a recovery would start from is old, and when drills of it failed.</summary>
internal sealed class RecoveryHealth(MetadataDatabase metadata, BaseBackupAge age, AlertRecorder alerts) : IDueWork
{
    /// <summary>Seconds since the last good base backup.</summary>
    public const string BaseBackupStale = "base_backup_stale";

    /// <summary>Drills of the project that failed, in a row, since the last good one.</summary>
    public const string DrillFailure = "drill_failure";

    public string Name => "alerts on recovery";

    public Task TickAsync(CancellationToken stopping)
    {
        var readings = metadata.Read(session =>
        {
            var (read, failures) = (Age(session), DrillStore.FailuresInARow(session));
            return ProjectStore.ListAllLive(session).ToDictionary(
                project => project,
                project => (IReadOnlyList<AlertReading>)[read, new AlertReading(DrillFailure, failures.GetValueOrDefault(project.Id), 1, AlertThresholds.Failures)]);
        });
        return alerts.RecordAsync(readings, stopping);
    }

    /// <summary>The same for all projects: they are on one server.</summary>
    private AlertReading Age(MetadataSession session) => age.Read(session) is { } read
        ? new AlertReading(BaseBackupStale, (long)read.Age.TotalSeconds, (long)read.Limit.TotalSeconds, AlertThresholds.Age)
        : new AlertReading(BaseBackupStale, 0, (long)BaseBackupAge.Slack.TotalSeconds, AlertThresholds.Age);
}
