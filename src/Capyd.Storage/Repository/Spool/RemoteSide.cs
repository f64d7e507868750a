namespace Capyd.Storage.Repository.Spool;

/// <summary>The remote store, opened when it first answers. After a failure it is left alone for a while, so that nobody waits for it
/// again and again.</summary>
internal sealed class RemoteSide(Func<CancellationToken, Task<IObjectStore>> open, SpoolSettings settings, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private IObjectStore? _store;
    private volatile Outage? _outage;

    /// <summary>Null while the remote store answers, or was never asked.</summary>
    public Outage? Outage => _outage;

    /// <summary>Asks the remote store, unless it failed a moment ago.</summary>
    /// <exception cref="IOException">It does not answer, or refuses.</exception>
    public Task<T> AskAsync<T>(Func<IObjectStore, Task<T>> work, CancellationToken ct) =>
        _outage is { } outage && clock.GetElapsedTime(outage.FailedAt) < settings.RestAfterFailure
            ? Task.FromException<T>(new StoreUnavailableException(outage.Problem))
            : TryAsync(work, ct);

    /// <inheritdoc cref="AskAsync{T}"/>
    public Task AskAsync(Func<IObjectStore, Task> work, CancellationToken ct) => AskAsync(Answered(work), ct);

    /// <summary>Asks the remote store in any case.</summary>
    /// <inheritdoc cref="AskAsync{T}"/>
    public async Task<T> TryAsync<T>(Func<IObjectStore, Task<T>> work, CancellationToken ct)
    {
        try
        {
            var answer = await work(await OpenAsync(ct));
            _outage = null;
            return answer;
        }
        catch (Exception e) when (e is ObjectMissingException or ObjectExistsException)
        {
            _outage = null;
            throw;
        }
        catch (IOException e) when (IsOutage(e))
        {
            Failed(e);
            throw;
        }
    }

    /// <inheritdoc cref="TryAsync{T}"/>
    public Task TryAsync(Func<IObjectStore, Task> work, CancellationToken ct) => TryAsync(Answered(work), ct);

    /// <summary>Whether the remote store as such failed, and not what was asked of it.</summary>
    public static bool IsOutage(Exception e) => e is IOException and not (ObjectMissingException or ObjectExistsException or EndOfStreamException);

    public void Failed(Exception e)
    {
        _outage = new Outage(_outage?.Since ?? clock.GetUtcNow(), clock.GetTimestamp(), e.Message, e is StoreRefusedException);
        if (e is StoreRefusedException)
        {
            // Opened anew, it reads its credentials again, which somebody may have changed. Others may still be using the old one.
            Volatile.Write(ref _store, null);
        }
    }

    public void Dispose()
    {
        _opening.Dispose();
        (_store as IDisposable)?.Dispose();
    }

    private static Func<IObjectStore, Task<bool>> Answered(Func<IObjectStore, Task> work) => async store =>
    {
        await work(store);
        return true;
    };

    private async Task<IObjectStore> OpenAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref _store) is { } ready)
        {
            return ready;
        }

        await _opening.WaitAsync(ct);
        try
        {
            return _store ??= await open(ct);
        }
        finally
        {
            _opening.Release();
        }
    }
}
