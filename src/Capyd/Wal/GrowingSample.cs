using Capyd.Postgres.Cluster;

namespace Capyd.Wal;

/// <summary>Everything that was committed until this time is before this position.</summary>
internal sealed record GrowingSample(Lsn Position, DateTimeOffset At);
