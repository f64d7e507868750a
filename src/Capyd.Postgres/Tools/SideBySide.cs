using System.Runtime.ExceptionServices;

namespace Capyd.Postgres.Tools;

/// <summary>Work that belongs together: when one part fails the others are ended, and the first failure is the one that counts.</summary>
internal sealed class SideBySide(CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private ExceptionDispatchInfo? _first;

    /// <summary>Never fails; what went wrong is thrown by <see cref="EndAsync"/>.</summary>
    public async Task<T?> RunAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        try
        {
            return await work(_either.Token);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _first, ExceptionDispatchInfo.Capture(e), null);
            await _either.CancelAsync();
            return default;
        }
    }

    public Task<bool> RunAsync(Func<CancellationToken, Task> work) => RunAsync(async token =>
    {
        await work(token);
        return true;
    });

    /// <summary>Waits for these parts, then throws the first failure, if there was one.</summary>
    public async Task EndAsync(params Task[] parts)
    {
        await Task.WhenAll(parts);
        _first?.Throw();
    }

    public void Dispose() => _either.Dispose();
}
