using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal.Commits;

/// <summary>A place that pg_create_restore_point named.</summary>
public sealed record RestorePointMark(string Name, Lsn Lsn, DateTimeOffset At);
