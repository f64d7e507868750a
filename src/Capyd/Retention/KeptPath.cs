using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.BaseBackups;

namespace Capyd.Retention;

/// <summary>A base backup that stays, and the WAL that it needs.</summary>
/// <param name="Until">The WAL up to here stays; null for all of it.</param>
/// <param name="UntilTime">The moment of <paramref name="Until"/>.</param>
/// <param name="Pins">What keeps it whatever its age; empty when only the window does.</param>
internal sealed record KeptPath(BaseBackupRow Backup, Lsn? Until, DateTimeOffset? UntilTime, IReadOnlyList<string> Pins)
{
    public Lsn Start { get; } = Lsn.Parse(Backup.StartLsn!);

    /// <summary>Whether a recovery along this path may read the segment. Later timelines may descend from the backup's own.</summary>
    public bool Needs(WalSegmentName segment) =>
        segment.Timeline.Value >= Backup.Timeline && segment.End > Start && (Until is not { } until || segment.Start <= until);
}
