using Capyd.Jobs;
using Capyd.Storage.Jobs;

namespace Capyd.Pooling;

/// <summary>When the pooler looks again: after each job, because it may have made, exchanged or dropped a database or a password, and by the clock.</summary>
internal sealed class PoolerWatch(PoolerState state, JobWatch jobs, TimeProvider clock) : IJobEndObserver, IDueWork
{
    /// <summary>A commit that has not come by then is not waited for: nobody shall wait for ever for one that never comes.</summary>
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMinutes(1);

    public string Name => "pooled databases";

    /// <summary>What the transaction writes can be read only after it; its commit is the next change of the job that is told.</summary>
    public void Ended(MetadataTransaction tx, JobRow job, string? error, DateTimeOffset at)
    {
        state.Expect();
        _ = AskAfterAsync(jobs.NextChangeAsync(job.Id));
    }

    public Task TickAsync(CancellationToken stopping)
    {
        state.Ask();
        return Task.CompletedTask;
    }

    private async Task AskAfterAsync(Task committed)
    {
        await committed.WaitAsync(LongestCommit, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        state.Committed();
    }
}
