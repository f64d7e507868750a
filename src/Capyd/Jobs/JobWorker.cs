using Capyd.Cluster;
using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>Claims jobs as long as there is room and PostgreSQL answers, and waits for facts in between.</summary>
internal sealed class JobWorker(MetadataDatabase metadata, JobRunner runner, JobWatch watch, PostgresServer server, LoopHealth health, BootId boot, CapydOptions options, TimeProvider clock)
{
    private readonly HashSet<Task> _running = [];

    /// <summary>Runs until asked to stop; then waits for the running jobs to reach a safe point.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var pulse = health.Watch("job worker", Patience);
        try
        {
            while (true)
            {
                pulse.Rest();
                await server.WaitUntilAnsweringAsync(stopping);
                pulse.Beat();
                await FaultPoint.WedgeAsync("job worker");
                var accepted = watch.NextAcceptedAsync();
                if (_running.Count < options.Jobs.Concurrency && await ClaimAsync() is { } row)
                {
                    Start(row, stopping);
                }
                else
                {
                    await WaitForWorkAsync(accepted, stopping);
                }

                _running.RemoveWhere(task => task.IsCompleted);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(_running);
        }
    }

    /// <summary>Nothing is claimed while the metadata cannot be written; the requests that fail for it say so themselves.</summary>
    private async Task<JobRow?> ClaimAsync()
    {
        try
        {
            return await metadata.WriteAsync(tx => JobStore.ClaimNext(tx, boot.Value, clock.GetUtcNow()), CancellationToken.None);
        }
        catch (MetadataUnavailableException)
        {
            return null;
        }
    }

    private void Start(JobRow row, CancellationToken stopping)
    {
        FaultPoint.Reach("job.after_claim");
        var lease = new JobLease(row.Id, boot.Value, row.Attempts);
        _running.Add(Task.Run(() => runner.RunAsync(row, lease, stopping), CancellationToken.None));
    }

    private async Task WaitForWorkAsync(Task accepted, CancellationToken stopping)
    {
        var waits = new List<Task>(_running) { accepted.WaitAsync(stopping) };
        using var timer = new CancellationTokenSource();
        waits.Add(Task.Delay(LongestWait, clock, timer.Token));
        if (_running.Count < options.Jobs.Concurrency && metadata.Read(JobStore.NextRunAfter) is { } due)
        {
            var delay = due - clock.GetUtcNow();
            waits.Add(Task.Delay(delay > MinimumWait ? delay : MinimumWait, clock, timer.Token));
        }

        await await Task.WhenAny(waits);
        await timer.CancelAsync();
    }

    /// <summary>A job that is due but held by its resource is looked at again after this long, or when any job ends.</summary>
    private static readonly TimeSpan MinimumWait = TimeSpan.FromMilliseconds(200);

    /// <summary>With nothing to do it still turns this often, to show that it can.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
}
