using Capyd.Postgres.Cluster;
using Capyd.Storage.BaseBackups;

namespace Capyd.Recovery;

/// <summary>A base backup as planning sees it.</summary>
/// <param name="Manifest">Its name in the repository.</param>
/// <param name="Start">Replay begins here.</param>
/// <param name="Stop">Nothing before can be recovered from it.</param>
/// <param name="StopAt">The earliest moment that can be recovered from it.</param>
internal sealed record RecoveryBase(BaseBackupId Id, string Manifest, TimelineId Timeline, Lsn Start, Lsn Stop, DateTimeOffset StopAt)
{
    public static RecoveryBase Of(BaseBackupRow row) =>
        new(row.Id, row.Name, new TimelineId((uint)row.Timeline!.Value), Lsn.Parse(row.StartLsn!), Lsn.Parse(row.StopLsn!), row.StopAt!.Value);
}
