using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>Writes how a run ended: the resource and the job in one transaction, guarded by the lease.</summary>
internal sealed partial class JobSettlement(
    MetadataDatabase metadata, JobWatch watch, CapydOptions options, IEnumerable<IJobEndObserver> observers, TimeProvider clock,
    IHostApplicationLifetime lifetime, ILogger<JobSettlement> logger)
{
    /// <summary>How often the daemon may die under a job before the job is held for the cause.</summary>
    public const int MostCrashes = 5;

    private static readonly TimeSpan RetryWrite = TimeSpan.FromSeconds(2);

    public async Task CompleteAsync(JobContext job, JobOutcome outcome)
    {
        await WriteWhenPossibleAsync(tx =>
        {
            var now = clock.GetUtcNow();
            outcome.Commit(tx);
            JobStore.Complete(tx, job.Lease, outcome.ResultJson, job.Output, now);
            Tell(tx, job, null, now);
        });
        watch.Changed(job.Row.Id);
    }

    /// <returns>Whether the job has ended; false when it runs again.</returns>
    public async Task<bool> FailAsync(JobContext job, IJobHandler? handler, Exception error, bool stopping)
    {
        var ended = false;
        await WriteWhenPossibleAsync(tx => ended = Fail(tx, job, handler, error, stopping));
        watch.Changed(job.Row.Id);
        watch.Accepted();
        return ended;
    }

    /// <summary>The end of a job must be written; while the disk is full it waits here. A kill meanwhile is as harmless as at any other point.</summary>
    private async Task WriteWhenPossibleAsync(Action<MetadataTransaction> work)
    {
        while (true)
        {
            try
            {
                await metadata.WriteAsync(work, CancellationToken.None);
                return;
            }
            catch (MetadataUnavailableException e)
            {
                LogWaits(e.Message);
            }

            await Task.Delay(RetryWrite, clock, lifetime.ApplicationStopping);
        }
    }

    private bool Fail(MetadataTransaction tx, JobContext job, IJobHandler? handler, Exception error, bool stopping)
    {
        var now = clock.GetUtcNow();
        var cancelled = error is OperationCanceledException && JobStore.Find(tx, job.Row.Id)?.CancelRequested == true;
        if (error is OperationCanceledException && stopping && !cancelled)
        {
            JobStore.Requeue(tx, job.Lease, now, "interrupted: capyd was stopped", RetryClassifications.Interrupted, job.Output, countAttempt: false, now);
            return false;
        }

        var failure = cancelled ? new JobFailure("cancelled", RetryClassifications.Permanent) : JobFailure.Of(error);
        if (failure.Classification == RetryClassifications.Transient && job.Row.Attempts < job.Row.MaxAttempts)
        {
            var delay = RetryPolicy.Delay(options.Jobs.RetryBase, job.Row.Attempts, Random.Shared.NextDouble());
            JobStore.Requeue(tx, job.Lease, now + delay, failure.Message, failure.Classification, job.Output, countAttempt: true, now);
            return false;
        }

        handler?.OnFailed(tx, job.Row, failure.Message, now);
        JobStore.Fail(tx, job.Lease, failure.Message, failure.Classification, job.Output, now);
        Tell(tx, job, failure.Message, now);
        return true;
    }

    private void Tell(MetadataTransaction tx, JobContext job, string? error, DateTimeOffset at)
    {
        foreach (var observer in observers)
        {
            observer.Ended(tx, job.Row, error, at);
        }
    }

    [LoggerMessage(2100, LogLevel.Error, "the end of a job cannot be written and is tried again: {Problem}")]
    private partial void LogWaits(string problem);
}
