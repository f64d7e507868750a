using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Recovery;

/// <summary>Where recovery stops.</summary>
public abstract record RecoveryTarget
{
    private RecoveryTarget()
    {
    }

    /// <summary>The lines of the configuration that say so.</summary>
    internal abstract IEnumerable<(string Name, string Value)> Settings { get; }

    /// <summary>At the end of the archive.</summary>
    public sealed record Latest : RecoveryTarget
    {
        internal override IEnumerable<(string, string)> Settings => [];
    }

    /// <summary>Before the first commit or rollback that is later. Fails when there is none: see <see cref="Wal.Commits.CommitNeighbours.CanStop"/>.</summary>
    public sealed record Time(DateTimeOffset At) : RecoveryTarget
    {
        internal override IEnumerable<(string, string)> Settings =>
            [("recovery_target_time", At.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00")];
    }

    /// <summary>At the first place that pg_create_restore_point called so.</summary>
    public sealed record Name(string RestorePoint) : RecoveryTarget
    {
        internal override IEnumerable<(string, string)> Settings => [("recovery_target_name", RestorePoint)];
    }

    /// <summary>After the record at a position, or before it.</summary>
    public sealed record Position(Lsn At, bool Inclusive = true) : RecoveryTarget
    {
        internal override IEnumerable<(string, string)> Settings =>
            [("recovery_target_lsn", At.ToString()), ("recovery_target_inclusive", Inclusive ? "on" : "off")];
    }
}
