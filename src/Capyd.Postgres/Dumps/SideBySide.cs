using System.Runtime.ExceptionServices;

namespace Capyd.Postgres.Dumps;

/// <summary>Two pieces of work of which neither is worth anything without the other.</summary>
internal static class SideBySide
{
    /// <summary>Returns when both have ended. The first that fails cancels the other, and its exception is thrown.</summary>
    public static async Task<(TFirst First, TSecond Second)> RunAsync<TFirst, TSecond>(
        Func<CancellationToken, Task<TFirst>> first, Func<CancellationToken, Task<TSecond>> second, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? fault = null;
        async Task<T?> Guard<T>(Func<CancellationToken, Task<T>> work)
        {
            try
            {
                return await work(either.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(e), null);
                await either.CancelAsync();
                return default;
            }
        }

        var one = Guard(first);
        var other = await Guard(second);
        var results = (await one, other);
        fault?.Throw();
        return results!;
    }
}
