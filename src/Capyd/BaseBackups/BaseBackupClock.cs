using Capyd.Scheduling;
using Capyd.Storage.BaseBackups;
using Capyd.Wal;

namespace Capyd.BaseBackups;

/// <summary>Says when a base backup is due.</summary>
internal sealed class BaseBackupClock(WalState wal, ClockGuard guard, CapydOptions options)
{
    /// <summary>After one that failed.</summary>
    public static readonly TimeSpan FirstAgainAfter = TimeSpan.FromMinutes(10);

    /// <inheritdoc cref="FirstAgainAfter"/>
    public static readonly TimeSpan AgainAfter = TimeSpan.FromHours(1);

    private static readonly HandledInstant LastHandled = new("base_backup_schedule_handled");

    /// <summary>The server of which base backups are worth taking now: its WAL is followed, its disk is in no danger, and the clock can be trusted.</summary>
    public string? System => wal.IsStreaming && wal.Pressure < WalPressure.Urgent && guard.Leap() is null ? wal.Lineage?.System.ToString() : null;

    /// <summary>Without any base backup there is nothing to recover from.</summary>
    public static string? First(BaseBackupRow? newest, DateTimeOffset now) =>
        newest is { State: "failed" } && now - newest.UpdatedAt < FirstAgainAfter ? null : "first";

    /// <summary>At the first instant of the schedule since it was last looked after, and an hour after one that failed.</summary>
    public string? Scheduled(MetadataTransaction tx, BaseBackupRow? newest, DateTimeOffset now)
    {
        if (options.Pitr.BaseBackupSchedule.Length == 0)
        {
            return null;
        }

        var handled = LastHandled.Read(tx);
        if (handled is null || handled > now)
        {
            LastHandled.Set(tx, now);
            return null;
        }

        var failed = newest is { State: "failed" } && now - newest.UpdatedAt >= AgainAfter;
        if (!failed && CronExpression.Parse(options.Pitr.BaseBackupSchedule).Next(handled.Value) > now)
        {
            return null;
        }

        LastHandled.Set(tx, now);
        return "schedule";
    }
}
