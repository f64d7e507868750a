namespace Capyd.Postgres.Catalog;

/// <summary>What goes on in a database, and what has cost most.</summary>
/// <param name="HasStatementStatistics">Whether pg_stat_statements is installed there and loaded by the server.</param>
public sealed record DatabaseActivity(
    long SizeBytes, int Connections, IReadOnlyList<RunningQuery> Running, bool HasStatementStatistics, IReadOnlyList<SlowQuery> Slow);

/// <summary>A session that is not idle.</summary>
/// <param name="Query">At most 1000 characters.</param>
public sealed record RunningQuery(int Pid, string Username, string State, string Query, long DurationMs, string? WaitEvent, string? WaitEventType);

/// <summary>A kind of statement, by all of its calls.</summary>
public sealed record SlowQuery(
    string Query, string QueryId, long Calls, long Rows, double MeanTimeMs, double TotalTimeMs, long SharedBlksHit, long SharedBlksRead, long TempBlksRead, long TempBlksWritten);
