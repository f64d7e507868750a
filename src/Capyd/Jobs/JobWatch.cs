using System.Collections.Concurrent;

namespace Capyd.Jobs;

/// <summary>Wakes those who watch a job, and the worker when one was accepted.</summary>
internal sealed class JobWatch
{
    private readonly ConcurrentDictionary<JobId, TaskCompletionSource> _watchers = new();
    private TaskCompletionSource _accepted = NewSource();

    /// <summary>Ends at the next change of the job. Ask before reading the job, or a change may be missed.</summary>
    public Task NextChangeAsync(JobId job) => _watchers.GetOrAdd(job, static _ => NewSource()).Task;

    public void Changed(JobId job)
    {
        if (_watchers.TryRemove(job, out var source))
        {
            source.TrySetResult();
        }
    }

    /// <summary>Ends when a job is accepted. Ask before looking for work.</summary>
    public Task NextAcceptedAsync() => Volatile.Read(ref _accepted).Task;

    public void Accepted() => Interlocked.Exchange(ref _accepted, NewSource()).TrySetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
