using Capyd.Storage.BaseBackups;

namespace Capyd.Repository;

/// <summary>Puts a copy of the metadata into the repository after each base backup, and each hour in which something has changed.</summary>
internal sealed partial class MetadataSnapshots(
    MetadataDatabase metadata, MetadataSnapshotStore store, DataDirectory directories, TimeProvider clock, ILogger<MetadataSnapshots> logger) : IDueWork
{
    private const int NewestKept = 24;
    private const int DaysKept = 31;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>The state of the metadata that the last copy of this boot has.</summary>
    private long? _copied;

    /// <summary>The newest base backup that was there when this boot made a copy.</summary>
    private BaseBackupId? _backup;

    public string Name => "copies of the metadata";

    public async Task TickAsync(CancellationToken stopping)
    {
        var kept = await store.ListAsync(stopping);
        var version = metadata.DataVersion();
        if (IsDue(kept.Count == 0 ? null : kept[^1].At, version))
        {
            var backup = NewestBackup()?.Id;
            await TakeAsync(stopping);
            (_copied, _backup) = (version, backup);
            await PruneAsync(stopping);
        }
    }

    /// <summary>A clock that was set back must not silence this: any hour between now and the last copy counts.</summary>
    private bool IsDue(DateTimeOffset? last, long version) =>
        last is not { } at
        || (version != _copied && (clock.GetUtcNow() - at).Duration() >= Interval)
        || (NewestBackup() is { } backup && backup.Id != _backup && (_backup is not null || backup.CompletedAt >= at));

    private BaseBackupRow? NewestBackup() => metadata.Read(BaseBackupStore.List).Where(backup => backup.State == "completed").MaxBy(backup => backup.CompletedAt);

    private async Task TakeAsync(CancellationToken stopping)
    {
        var file = Path.Combine(directories.Staging, $"metadata-{Guid.NewGuid():N}.db");
        try
        {
            metadata.BackupTo(file);
            FaultPoint.Reach("metadata.after_copy");
            var snapshot = await store.WriteAsync(file, clock.GetUtcNow(), stopping);
            FaultPoint.Reach("metadata.after_write");
            LogTaken(snapshot.Name.ToString(), snapshot.Bytes);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task PruneAsync(CancellationToken stopping)
    {
        foreach (var surplus in MetadataSnapshot.Surplus(await store.ListAsync(stopping), clock.GetUtcNow(), NewestKept, DaysKept))
        {
            await store.DeleteAsync(surplus, stopping);
        }
    }

    [LoggerMessage(9300, LogLevel.Information, "the metadata was copied into the repository as {Name}, {Bytes} bytes")]
    private partial void LogTaken(string name, long bytes);
}
