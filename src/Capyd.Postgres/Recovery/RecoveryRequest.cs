using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Recovery;

/// <summary>How a data directory is to be recovered.</summary>
/// <param name="RestoreCommand">With %f and %p, run by the sandbox's OS user; follow the exit codes of <see cref="Wal.Commands.WalFetch"/>.</param>
/// <param name="Timeline">The timeline to follow. Never "latest": that takes a hole for the end.</param>
public sealed record RecoveryRequest(RecoveryTarget Target, string RestoreCommand, TimelineId Timeline)
{
    /// <summary>A record that must have been replayed, or recovery counts as failed; for "latest" the archive's last commit.</summary>
    public Lsn? RequiredLsn { get; init; }
}
