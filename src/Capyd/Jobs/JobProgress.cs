using System.Collections.Concurrent;
using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>Where running jobs stand: kept in memory, written to the metadata when the phase changes or a second has passed.</summary>
internal sealed class JobProgress(MetadataDatabase metadata, JobWatch watch, TimeProvider clock)
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<JobId, Standing> _standings = new();

    public TimeProvider Clock { get; } = clock;

    public (string Phase, double Fraction)? Of(JobId job) =>
        _standings.TryGetValue(job, out var standing) ? (standing.Phase, standing.Fraction) : null;

    public void Report(JobLease lease, string phase, double fraction)
    {
        var earlier = _standings.GetValueOrDefault(lease.Job);
        var due = earlier is null || earlier.Phase != phase || Clock.GetElapsedTime(earlier.WrittenAt) >= WriteInterval;
        _standings[lease.Job] = new Standing(phase, fraction, due ? Clock.GetTimestamp() : earlier!.WrittenAt);
        watch.Changed(lease.Job);
        if (due)
        {
            Write(lease, phase, fraction);
        }
    }

    public void Forget(JobId job) => _standings.TryRemove(job, out _);

    /// <summary>Progress is worth no failure: a write that cannot be made now is made good by the next one.</summary>
    private void Write(JobLease lease, string phase, double fraction) =>
        _ = metadata.WriteAsync(tx => { JobStore.SaveProgress(tx, lease, phase, fraction, Clock.GetUtcNow()); }, CancellationToken.None)
            .ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private sealed record Standing(string Phase, double Fraction, long WrittenAt);
}
