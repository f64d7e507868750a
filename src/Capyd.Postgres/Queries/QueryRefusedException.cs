namespace Capyd.Postgres.Queries;

/// <summary>PostgreSQL refused a tenant's statement, or ran out of the time that it may take.</summary>
/// <param name="message">The server's own words.</param>
public sealed class QueryRefusedException(string message, string sqlState, string? hint = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Five characters.</summary>
    public string SqlState { get; } = sqlState;

    public string? Hint { get; } = hint;
}
