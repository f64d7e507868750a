using System.Diagnostics;

namespace Capyd.SystemTests.Kit;

/// <summary>Waits for a fact, with a deadline.</summary>
public static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>Asks until the answer is not null.</summary>
    /// <exception cref="TimeoutException">It stayed null; the message names what was waited for.</exception>
    public static async Task<T> FoundAsync<T>(string what, Func<Task<T?>> ask, int seconds = 60) where T : class
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            if (await ask() is { } found)
            {
                return found;
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException($"waited {seconds} s for this: {what}");
    }

    /// <summary>Asks until the answer is yes.</summary>
    public static Task TrueAsync(string what, Func<Task<bool>> ask, int seconds = 60) =>
        FoundAsync(what, async () => await ask() ? "yes" : null, seconds);
}
