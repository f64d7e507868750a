using Capyd.Storage.BaseBackups;

namespace Capyd.Repository;

/// <summary>Puts a copy of the metadata into the repository after each base backup, and each hour in which something has changed.</summary>
internal sealed partial class MetadataSnapshots(
    MetadataDatabase metadata, MetadataCopies copies, TimeProvider clock, ILogger<MetadataSnapshots> logger) : IDueWork
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>The state of the metadata that the last copy of this boot has.</summary>
    private long? _copied;

    /// <summary>The newest base backup that was there when this boot made a copy.</summary>
    private BaseBackupId? _backup;

    public string Name => "copies of the metadata";

    public async Task TickAsync(CancellationToken stopping)
    {
        var version = metadata.DataVersion();
        if (copies.System is { } system && IsDue((await copies.NewestAsync(system, stopping))?.At, version))
        {
            var backup = NewestBackup()?.Id;
            var taken = await copies.TakeAsync(system, clock.GetUtcNow(), stopping);
            LogTaken(taken.Name.ToString(), taken.Bytes);
            (_copied, _backup) = (version, backup);
            await copies.PruneAsync(system, clock.GetUtcNow(), stopping);
        }
    }

    /// <summary>A clock that was set back must not silence this: any hour between now and the last copy counts.</summary>
    private bool IsDue(DateTimeOffset? last, long version) =>
        last is not { } at
        || (version != _copied && (clock.GetUtcNow() - at).Duration() >= Interval)
        || (NewestBackup() is { } backup && backup.Id != _backup && (_backup is not null || backup.CompletedAt >= at));

    private BaseBackupRow? NewestBackup() => metadata.Read(BaseBackupStore.List).Where(backup => backup.State == "completed").MaxBy(backup => backup.CompletedAt);

    [LoggerMessage(9300, LogLevel.Information, "the metadata was copied into the repository as {Name}, {Bytes} bytes")]
    private partial void LogTaken(string name, long bytes);
}
