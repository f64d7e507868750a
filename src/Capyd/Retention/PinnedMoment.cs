using Capyd.Postgres.Cluster;

namespace Capyd.Retention;

/// <summary>A moment that a restore point keeps reachable.</summary>
/// <param name="Lsn">Its place in the WAL; null when only its time is known, and then all WAL after its base backup stays.</param>
internal sealed record PinnedMoment(DateTimeOffset At, Lsn? Lsn);
