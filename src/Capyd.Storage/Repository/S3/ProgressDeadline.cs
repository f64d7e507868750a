namespace Capyd.Storage.Repository.S3;

/// <summary>Cancels what has not moved for a while: a connection can be dead without anybody saying so.</summary>
internal sealed class ProgressDeadline : IDisposable
{
    private readonly TimeSpan _stall;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _either;

    public ProgressDeadline(TimeSpan stall, TimeProvider clock, CancellationToken ct)
    {
        _stall = stall;
        _stalled = new CancellationTokenSource(stall, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(ct, _stalled.Token);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>Something moved: the time begins anew.</summary>
    public void Touch() => _stalled.CancelAfter(_stall);

    public void Dispose()
    {
        _either.Dispose();
        _stalled.Dispose();
    }
}
