using Capyd.Storage.Backups;
using Capyd.Storage.Projects;
using Capyd.Storage.Schedules;

namespace Capyd.Alerts;

/// <summary>What a project's backups say: failures in a row, and the age of the last one that was proven.</summary>
internal static class BackupHealth
{
    /// <summary>A day, and two hours for a backup that takes its time.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(26);

    /// <param name="backups">Newest first.</param>
    public static IReadOnlyList<AlertReading> Read(ProjectRow project, IReadOnlyList<BackupRow> backups, ScheduleRow? schedule, DateTimeOffset now) =>
    [
        new(AlertKinds.BackupFailure, backups.TakeWhile(backup => !IsProven(backup)).Count(HasFailed), 1, AlertThresholds.Failures),
        new(AlertKinds.BackupStale, Age(project, backups, schedule, now), (long)StaleAfter.TotalSeconds, AlertThresholds.Age),
    ];

    /// <summary>Seconds; 0 where nothing makes backups by itself.</summary>
    private static long Age(ProjectRow project, IReadOnlyList<BackupRow> backups, ScheduleRow? schedule, DateTimeOffset now)
    {
        if (schedule is not { IsActive: true } || project.State is ProjectStates.Provisioning or ProjectStates.Failed)
        {
            return 0;
        }

        var last = backups.FirstOrDefault(IsProven)?.CreatedAt ?? schedule.CreatedAt;
        return Math.Max(0, (long)(now - last).TotalSeconds);
    }

    private static bool IsProven(BackupRow backup) => backup.VerificationState == VerificationStates.Verified;

    private static bool HasFailed(BackupRow backup) =>
        backup.State == BackupStates.Failed || backup.VerificationState == VerificationStates.Failed;
}
