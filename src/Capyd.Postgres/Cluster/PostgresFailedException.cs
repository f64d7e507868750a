namespace Capyd.Postgres.Cluster;

/// <summary>PostgreSQL refused or could not be reached.</summary>
public sealed class PostgresFailedException(string message, string? sqlState, RetryClass retry, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The server's five-character error code; null when no server answered.</summary>
    public string? SqlState { get; } = sqlState;

    public RetryClass Retry { get; } = retry;
}
