using System.Collections.Concurrent;

namespace Capyd.Auth;

/// <summary>Counts events of each subject within one minute. Forgets everybody when the minute is over, so its memory is bounded by one minute's callers.</summary>
internal sealed class FixedWindow(int limit, TimeProvider clock)
{
    private ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _minute;

    /// <summary>Seconds until the window opens again.</summary>
    public int RetryAfter => 60 - (int)(clock.GetElapsedTime(0).TotalSeconds % 60);

    /// <summary>Counts one event; false when the subject has used up its minute.</summary>
    public bool TryTake(string subject) => limit == 0 || Current().AddOrUpdate(subject, 1, static (_, count) => count + 1) <= limit;

    private ConcurrentDictionary<string, int> Current()
    {
        var minute = (long)clock.GetElapsedTime(0).TotalMinutes;
        if (Interlocked.Exchange(ref _minute, minute) != minute)
        {
            _counts = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        }

        return _counts;
    }
}
