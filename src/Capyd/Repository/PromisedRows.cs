using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Wal;

namespace Capyd.Repository;

/// <summary>What the metadata say that the repository holds. Without metadata nothing is promised.</summary>
/// <param name="Ranges">The kept WAL of each server.</param>
internal sealed record PromisedRows(IReadOnlyList<BaseBackupRow> BaseBackups, IReadOnlyDictionary<SystemIdentifier, WalRanges> Ranges, IReadOnlyList<string> BackupKeys)
{
    public static PromisedRows None { get; } = new([], new Dictionary<SystemIdentifier, WalRanges>(), []);

    public static PromisedRows Read(MetadataDatabase metadata) => metadata.Read(session => new PromisedRows(
        [.. BaseBackupStore.List(session).Where(row => row.State == "completed")],
        WalArchiveStore.List(session).Select(row => WalRanges.Parse(row.Ranges)).ToDictionary(ranges => ranges.System),
        [.. Storage.Backups.BackupStore.ListByState(session, "completed").Select(row => row.BackupKey)]));
}
