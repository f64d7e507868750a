namespace Capyd.Wal;

/// <summary>By it the guardian holds the follower back.</summary>
internal sealed class WalLeash : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _held = new();
    private TaskCompletionSource _free = Completed();

    /// <summary>Why nothing may be followed now; null while it may.</summary>
    public string? Reason { get; private set; }

    /// <summary>Ends when the leash is pulled.</summary>
    public CancellationToken Pulled
    {
        get
        {
            lock (_gate)
            {
                return _held.Token;
            }
        }
    }

    public void Pull(string reason)
    {
        lock (_gate)
        {
            if (Reason is null)
            {
                (Reason, _free) = (reason, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                _held.Cancel();
            }
        }
    }

    public void Loosen()
    {
        lock (_gate)
        {
            if (Reason is not null)
            {
                Reason = null;
                _held.Dispose();
                _held = new CancellationTokenSource();
                _free.TrySetResult();
            }
        }
    }

    public Task WhenFreeAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _free.Task.WaitAsync(cancellation);
        }
    }

    public void Dispose() => _held.Dispose();

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
