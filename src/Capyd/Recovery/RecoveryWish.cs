using Capyd.Postgres.Cluster;

namespace Capyd.Recovery;

/// <summary>What somebody wants back.</summary>
internal abstract record RecoveryWish
{
    private RecoveryWish()
    {
    }

    /// <summary>The state after the last commit at or before a moment.</summary>
    public sealed record Moment(DateTimeOffset At) : RecoveryWish;

    /// <summary>The place in the WAL that has a name.</summary>
    public sealed record Point(string Name, Lsn Position, DateTimeOffset At) : RecoveryWish;

    /// <summary>The state after the commit at a position.</summary>
    public sealed record Commit(Lsn Position, DateTimeOffset At) : RecoveryWish;

    /// <summary>Everything that was received.</summary>
    public sealed record Latest : RecoveryWish;
}
