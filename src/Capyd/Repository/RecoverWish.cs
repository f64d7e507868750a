using Capyd.Postgres.Cluster;

namespace Capyd.Repository;

/// <summary>The moment that a lost cluster shall come back as of.</summary>
internal abstract record RecoverWish
{
    private RecoverWish()
    {
    }

    /// <summary>The timeline to follow; null for the newest.</summary>
    public TimelineId? Timeline { get; init; }

    /// <summary>The name of the base backup to begin with; null chooses.</summary>
    public string? BaseBackup { get; init; }

    /// <summary>As late as it goes.</summary>
    public sealed record Latest : RecoverWish;

    public sealed record Time(DateTimeOffset At) : RecoverWish;

    /// <summary>A name that was given with pg_create_restore_point.</summary>
    public sealed record Point(string Name) : RecoverWish;
}
