using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;

namespace Capyd.Repository;

/// <summary>How a wish comes true.</summary>
/// <param name="Target">Where recovery stops.</param>
/// <param name="Required">A record that must have been replayed; null when the target itself is one.</param>
/// <param name="Moment">What the cluster will be as of, at the latest.</param>
/// <param name="End">Up to where WAL is read, at most.</param>
internal sealed record RecoverPlan(KeptBackup Backup, TimelineId Timeline, RecoveryTarget Target, Lsn? Required, DateTimeOffset Moment, Lsn End)
{
    /// <summary>What is not quite as it was asked for; null when all is.</summary>
    public string? Note { get; init; }
}
