using Capyd.Scheduling;
using Capyd.Storage.BaseBackups;
using Capyd.Wal;

namespace Capyd.BaseBackups;

/// <summary>How old the base backup is that a recovery would start from, against its schedule.</summary>
internal sealed class BaseBackupAge(WalState wal, CapydOptions options, TimeProvider clock)
{
    /// <summary>That a base backup may take longer than the last.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromHours(2);

    private readonly DateTimeOffset _started = clock.GetUtcNow();

    /// <returns>Null where no WAL is kept or nothing is scheduled: then nothing is overdue.</returns>
    public (TimeSpan Age, TimeSpan Limit)? Read(MetadataSession session)
    {
        var now = clock.GetUtcNow();
        if (!wal.Enabled || options.Pitr.BaseBackupSchedule is not { Length: > 0 } schedule)
        {
            return null;
        }

        var newest = BaseBackupStore.List(session).Where(row => row is { State: "completed", VerificationState: not "failed" }).Max(row => row.CompletedAt);
        var age = now - (newest ?? _started);
        return (age > TimeSpan.Zero ? age : TimeSpan.Zero, CronExpression.Parse(schedule).Interval(now) + Slack);
    }
}
