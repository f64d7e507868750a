using Capyd.Jobs;
using Capyd.Storage.BaseBackups;

namespace Capyd.BaseBackups;

/// <summary>Takes the first base backup as soon as WAL is followed, and later ones by the clock; what was missed is caught up once (trap 87).</summary>
internal sealed partial class BaseBackupSchedule(
    StartBaseBackup start, JobQueue queue, MetadataDatabase metadata, BaseBackupClock clock, ILogger<BaseBackupSchedule> logger) : IDueWork
{
    public string Name => "base backups";

    public async Task TickAsync(CancellationToken stopping)
    {
        if (clock.System is not { } system || metadata.Read(BaseBackupStore.List).Any(row => row.State == "running"))
        {
            return;
        }

        var trigger = await queue.AcceptAsync((tx, now) => Fire(tx, system, now), stopping);
        if (trigger is not null)
        {
            LogAccepted(trigger);
        }
    }

    /// <returns>Why one was accepted; null when none is due.</returns>
    private string? Fire(MetadataTransaction tx, string system, DateTimeOffset now)
    {
        var newest = BaseBackupStore.List(tx) is [var first, ..] ? first : null;
        var trigger = BaseBackupStore.ListUsable(tx, system).Count == 0 ? BaseBackupClock.First(newest, now) : clock.Scheduled(tx, newest, now);
        return trigger is not null && start.Enqueue(tx, trigger, null, now) is not null ? trigger : null;
    }

    [LoggerMessage(9100, LogLevel.Information, "a base backup is due ({Trigger})")]
    private partial void LogAccepted(string trigger);
}
