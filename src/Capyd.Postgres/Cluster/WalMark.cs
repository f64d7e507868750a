namespace Capyd.Postgres.Cluster;

/// <summary>A named point in the WAL, and when the server wrote it.</summary>
public sealed record WalMark(string Name, Lsn Position, DateTimeOffset At);
