using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Imports;

/// <summary>A foreign server could not be read. The message holds no secret.</summary>
public sealed class RemoteFailedException(RemoteFailureKind kind, string message, RetryClass retry) : Exception(message)
{
    public RemoteFailureKind Kind { get; } = kind;

    public RetryClass Retry { get; } = retry;
}
