using Capyd.Postgres.Cluster;

namespace Capyd.Retention;

/// <summary>A moment that is kept reachable whatever its age.</summary>
/// <param name="Lsn">Its place in the WAL; null when only its time is known, and then all WAL after its base backup stays.</param>
/// <param name="Reason">What keeps it.</param>
internal sealed record PinnedMoment(DateTimeOffset At, Lsn? Lsn, string Reason)
{
    /// <summary>The base backup that has to be the one; null where the newest before the moment is.</summary>
    public BaseBackupId? From { get; init; }
}
