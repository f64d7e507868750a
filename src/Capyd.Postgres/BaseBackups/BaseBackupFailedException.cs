using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>A base backup did not become whole; what was consumed of it is worth nothing.</summary>
public sealed class BaseBackupFailedException(string message, BaseBackupFailure kind, Exception? inner = null) : Exception(message, inner)
{
    public BaseBackupFailure Kind { get; } = kind;

    /// <summary>Whether another try may help.</summary>
    public RetryClass Retry => Kind is BaseBackupFailure.ConnectionLost or BaseBackupFailure.Altered or BaseBackupFailure.ServerBusy
        ? RetryClass.Transient
        : RetryClass.Permanent;
}
