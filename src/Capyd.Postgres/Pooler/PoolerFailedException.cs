namespace Capyd.Postgres.Pooler;

/// <summary>The pooler does not run, or has not taken what it was told; the message says which and why.</summary>
public sealed class PoolerFailedException(string message) : Exception(message);
