using System.Globalization;
using Capyd.Cluster;
using Capyd.Storage.Repository.Spool;

namespace Capyd.OffHost;

/// <summary>What is not off the host yet, as it was a moment ago.</summary>
internal sealed class SpoolState(CapydOptions options, TimeProvider clock) : IComponentStatus
{
    private static readonly TimeSpan Worrying = TimeSpan.FromMinutes(5);

    /// <summary>Null when the repository is on this host, and before the first look.</summary>
    public SpoolStatus? Latest { get; set; }

    /// <summary>Bytes that arrived in the bucket since the start.</summary>
    public long ShippedBytes { get; set; }

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
        { Objects: > 0 } now => new ComponentBody(Name, "operational", Waiting(now)),
        _ => new ComponentBody(Name, "operational", "everything is in the bucket"),
    };

    private const string Name = "Off-host repository";

    private string Waiting(SpoolStatus now) => now.Objects == 0
        ? "nothing waits for it"
        : string.Create(CultureInfo.InvariantCulture, $"{now.Objects} objects of {now.Bytes / 1048576.0:0.0} MiB are only on this host, the oldest for {OldestAge!.Value.TotalSeconds:0} s");
}
