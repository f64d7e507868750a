using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>What the server says of capyd's replication slot and of whoever streams through it.</summary>
/// <param name="RestartLsn">From here on the server keeps WAL; null when it kept nothing, or no longer does.</param>
/// <param name="Lost">The server removed WAL that the slot still needed (max_slot_wal_keep_size).</param>
/// <param name="FlushedLsn">What the receiver itself has brought to the disk, a whole segment at a time unless commits wait for it; null when nobody streams.</param>
/// <param name="ServerLsn">What the server itself has safely on disk.</param>
/// <param name="SafeBytes">How much more WAL may be written before the slot is lost; null without a limit.</param>
public sealed record SlotState(
    Lsn? RestartLsn, bool Lost, int? ActiveProcess, Lsn? FlushedLsn, Lsn ServerLsn, long? SafeBytes)
{
    /// <summary>What the receiver has, be it on disk or not yet, a second ago or later; null when nobody streams.</summary>
    public Lsn? WrittenLsn { get; init; }

    /// <summary>Commits wait for this receiver, or may be made to: synchronous_standby_names has its name, or <c>*</c>.</summary>
    public bool IsAwaited { get; init; }

    /// <summary>Bytes that exist on the server only, by what the receiver reported last.</summary>
    public ulong LagBytes => (WrittenLsn ?? RestartLsn) is { } have && have < ServerLsn ? ServerLsn.Position - have.Position : 0;

    /// <summary>Bytes that the server keeps because of the slot.</summary>
    public ulong RetainedBytes => RestartLsn is { } kept && kept < ServerLsn ? ServerLsn.Position - kept.Position : 0;
}
