using System.Globalization;
using Capyd.Cluster;
using Capyd.Storage.Repository.Spool;

namespace Capyd.OffHost;

/// <summary>What is not off the host yet, as it was a moment ago.</summary>
internal sealed class SpoolState(CapydOptions options, TimeProvider clock) : IComponentStatus
{
    /// <summary>What has waited for longer does not leave the host as it should.</summary>
    public static readonly TimeSpan Worrying = TimeSpan.FromMinutes(5);

    /// <summary>Null when the repository is on this host, and before the first look.</summary>
    public SpoolStatus? Latest { get; set; }

    /// <summary>Bytes that arrived in the bucket since the start.</summary>
    public long ShippedBytes { get; set; }

    /// <summary>When everything that was committed was in the bucket; null until that was seen once, and where WAL does not go there.</summary>
    public DateTimeOffset? WalCaughtUpAt { get; set; }

    /// <summary>Whether WAL is here, or still on the server, that is not in the bucket.</summary>
    public Func<bool> IsWalBehind { get; set; } = static () => true;

    /// <summary>How much of what was committed would be lost if the host vanished now; null while that is not known.</summary>
    public TimeSpan? WalExposure => WalCaughtUpAt is not { } at ? null : IsWalBehind() ? clock.GetUtcNow() - at : TimeSpan.Zero;

    /// <summary>How long the bucket has not been usable; zero while it is.</summary>
    public TimeSpan Unreachable => Latest?.UnreachableSince is { } since ? clock.GetUtcNow() - since : TimeSpan.Zero;

    /// <summary>Since the oldest object that is only here was written; null when everything is off the host.</summary>
    public TimeSpan? OldestAge => Latest?.OldestAt is { } at ? clock.GetUtcNow() - at : null;

    public ComponentBody? Component => !options.S3.IsOn ? null : Latest switch
    {
        null => new ComponentBody(Name, "degraded", "the bucket was not asked yet"),
        { UnreachableSince: not null } now => new ComponentBody(Name, "degraded", $"the bucket cannot be used since {now.UnreachableSince:u}: {now.Problem}; {Waiting(now)}"),
        { Aside: > 0 } now => new ComponentBody(Name, "degraded", $"{now.Aside} objects were not stored because the bucket has other bytes under their names; they are below aside/ in the spool"),
        { Objects: > 0 } now when OldestAge > Worrying => new ComponentBody(Name, "degraded", Waiting(now)),
        { Objects: > 0 } now => new ComponentBody(Name, "operational", Waiting(now) + Commits),
        _ => new ComponentBody(Name, "operational", "everything that is complete is in the bucket" + Commits),
    };

    private string Commits => WalExposure switch
    {
        null => "",
        { Ticks: 0 } => ", and every commit",
        { } age => string.Create(CultureInfo.InvariantCulture, $"; the commits of the last {Math.Ceiling(age.TotalSeconds):0} s are only on this host"),
    };

    private const string Name = "Off-host repository";

    private string Waiting(SpoolStatus now) => now.Objects == 0
        ? "nothing waits for it"
        : string.Create(CultureInfo.InvariantCulture, $"{now.Objects} objects of {now.Bytes / 1048576.0:0.0} MiB are only on this host, the oldest for {OldestAge!.Value.TotalSeconds:0} s");
}
