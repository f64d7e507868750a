using System.Security.Cryptography;

namespace Capyd.Auth.Clerk;

/// <summary>
/// The keys of the Clerk instance, kept for an hour. A key that is not known fetches them again, once a minute at most, so that
/// tokens with invented names cause no traffic. While they cannot be fetched the old ones go on.
/// </summary>
internal sealed partial class ClerkKeys(Func<CancellationToken, Task<byte[]>> read, TimeProvider clock, ILogger<ClerkKeys> logger) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Held _held = new(null, null, null);

    /// <summary>Null when the instance has no such key, or its keys cannot be had.</summary>
    public async ValueTask<RSAParameters?> FindAsync(string keyId)
    {
        if (ShouldFetch(keyId))
        {
            await _gate.WaitAsync();
            try
            {
                if (ShouldFetch(keyId))
                {
                    await FetchAsync();
                }
            }
            finally
            {
                _gate.Release();
            }
        }

        return _held.Set?.Find(keyId);
    }

    public void Dispose() => _gate.Dispose();

    private bool ShouldFetch(string keyId)
    {
        var held = _held;
        return (held.TriedAt is not { } tried || clock.GetElapsedTime(tried) >= Pause)
            && (held.Set?.Find(keyId) is null || held.FetchedAt is not { } fetched || clock.GetElapsedTime(fetched) >= Fresh);
    }

    private async Task FetchAsync()
    {
        var now = clock.GetTimestamp();
        try
        {
            var set = JwkSet.Parse(await read(CancellationToken.None));
            _held = new Held(set, now, now);
            LogFetched(set.Count);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _held = _held with { TriedAt = now };
            LogFailed(e.Message, _held.Set is not null);
        }
    }

    private sealed record Held(JwkSet? Set, long? FetchedAt, long? TriedAt);

    [LoggerMessage(1200, LogLevel.Information, "{Count} signing keys of the Clerk instance fetched")]
    private partial void LogFetched(int count);

    [LoggerMessage(1201, LogLevel.Warning, "the signing keys of the Clerk instance cannot be fetched: {Problem}; earlier ones are still used: {HaveEarlier}")]
    private partial void LogFailed(string problem, bool haveEarlier);
}
