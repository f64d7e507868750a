using System.Collections.Concurrent;
using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>
/// Where running jobs stand: kept in memory, written to the metadata when the phase changes or a second has passed. Watchers are
/// told of each phase at once, and of what changes with each buffer at most five times a second.
/// </summary>
internal sealed class JobProgress(MetadataDatabase metadata, JobWatch watch, TimeProvider clock)
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TellInterval = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<JobId, Standing> _standings = new();

    public TimeProvider Clock { get; } = clock;

    public (string Phase, double Fraction)? Of(JobId job) =>
        _standings.TryGetValue(job, out var standing) ? (standing.Phase, standing.Fraction) : null;

    public void Report(JobLease lease, string phase, double fraction)
    {
        var earlier = _standings.GetValueOrDefault(lease.Job);
        var begins = earlier is null || earlier.Phase != phase;
        var write = begins || Clock.GetElapsedTime(earlier!.WrittenAt) >= WriteInterval;
        var tell = begins || Clock.GetElapsedTime(earlier!.ToldAt) >= TellInterval;
        var now = Clock.GetTimestamp();
        _standings[lease.Job] = new Standing(phase, fraction, write ? now : earlier!.WrittenAt, tell ? now : earlier!.ToldAt);
        if (tell)
        {
            watch.Changed(lease.Job);
        }

        if (write)
        {
            Write(lease, phase, fraction);
        }
    }

    public void Forget(JobId job) => _standings.TryRemove(job, out _);

    /// <summary>Progress is worth no failure: a write that cannot be made now is made good by the next one.</summary>
    private void Write(JobLease lease, string phase, double fraction) =>
        _ = metadata.WriteAsync(tx => { JobStore.SaveProgress(tx, lease, phase, fraction, Clock.GetUtcNow()); }, CancellationToken.None)
            .ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private sealed record Standing(string Phase, double Fraction, long WrittenAt, long ToldAt);
}
