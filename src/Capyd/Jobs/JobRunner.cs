using System.Collections.Concurrent;
using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>Runs one claimed job to its named end. The one place where every error of a job is caught, recorded and classified.</summary>
internal sealed partial class JobRunner(
    IEnumerable<IJobHandler> handlers, MetadataDatabase metadata, JobProgress progress, JobSettlement settlement, ILogger<JobRunner> logger)
{
    private static readonly Func<ILogger, string, string, IDisposable?> InJob = LoggerMessage.DefineScope<string, string>("job={Job} type={Type}");
    private readonly Dictionary<string, IJobHandler> _handlers = handlers.ToDictionary(handler => handler.Type);
    private readonly ConcurrentDictionary<JobId, CancellationTokenSource> _running = new();

    /// <summary>Whether no job runs.</summary>
    public bool IsIdle => _running.IsEmpty;

    /// <summary>Asks a running job to stop at its next safe point. False when it does not run here.</summary>
    public bool TryCancel(JobId job)
    {
        if (!_running.TryGetValue(job, out var source))
        {
            return false;
        }

        source.Cancel();
        return true;
    }

    public async Task RunAsync(JobRow row, JobLease lease, CancellationToken stopping)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var scope = InJob(logger, row.Id.ToString(), row.Type);
        _running[row.Id] = cancellation;
        var context = new JobContext(row, lease, metadata, progress);
        try
        {
            LogStarted(row.Attempts, row.MaxAttempts);
            await RunHandlerAsync(context, cancellation);
        }
        catch (Exception e)
        {
            LogEndedBadly(e);
            await FailAsync(context, e, stopping.IsCancellationRequested);
        }
        finally
        {
            _running.TryRemove(row.Id, out _);
            progress.Forget(row.Id);
            if (IsIdle)
            {
                MemoryHabits.GiveBackMuch();
            }
        }
    }

    private async Task RunHandlerAsync(JobContext context, CancellationTokenSource cancellation)
    {
        if (!_handlers.TryGetValue(context.Row.Type, out var handler))
        {
            throw CapydException.Invalid($"this capyd knows no job type {context.Row.Type}", "it was accepted by a newer version; upgrade capyd");
        }

        if (context.Row.CrashCount >= JobSettlement.MostCrashes)
        {
            throw new CapydException(
                ErrorCode.Internal, $"capyd died {context.Row.CrashCount} times while this job ran, so it is not tried again", "the log around those times says why");
        }

        if (metadata.Read(session => JobStore.Find(session, context.Row.Id))?.CancelRequested == true)
        {
            await cancellation.CancelAsync();
        }

        cancellation.Token.ThrowIfCancellationRequested();
        var outcome = await handler.RunAsync(context, cancellation.Token);
        FaultPoint.Reach("job.before_complete");
        await settlement.CompleteAsync(context, outcome);
        FaultPoint.Reach("job.after_complete");
        LogCompleted();
        if (outcome.Afterwards is { } afterwards)
        {
            await RunAfterwardsAsync(afterwards, cancellation.Token);
        }
    }

    private async Task FailAsync(JobContext context, Exception error, bool stopping)
    {
        var handler = _handlers.GetValueOrDefault(context.Row.Type);
        if (!await settlement.FailAsync(context, handler, error, stopping))
        {
            return;
        }

        try
        {
            handler?.CleanUp(context.Row);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotCleanedUp(e);
        }
    }

    private async Task RunAfterwardsAsync(Func<CancellationToken, Task> afterwards, CancellationToken cancellation)
    {
        try
        {
            await afterwards(cancellation);
        }
        catch (Exception e)
        {
            LogNotAfterwards(e);
        }
    }

    [LoggerMessage(2000, LogLevel.Information, "job started, attempt {Attempt} of {Most}")]
    private partial void LogStarted(int attempt, int most);

    [LoggerMessage(2001, LogLevel.Information, "job completed")]
    private partial void LogCompleted();

    [LoggerMessage(2003, LogLevel.Information, "what follows the completed job could not be done")]
    private partial void LogNotAfterwards(Exception e);

    [LoggerMessage(2004, LogLevel.Warning, "what the failed job left on disk could not be removed yet")]
    private partial void LogNotCleanedUp(Exception e);

    [LoggerMessage(2002, LogLevel.Warning, "a run of the job ended badly")]
    private partial void LogEndedBadly(Exception e);
}
