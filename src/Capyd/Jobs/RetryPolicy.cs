namespace Capyd.Jobs;

/// <summary>When the next attempt starts: the base, doubled each time, at most ten minutes, with a fifth of jitter.</summary>
internal static class RetryPolicy
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static TimeSpan Delay(TimeSpan start, int failedAttempts, double random)
    {
        var doubled = start * Math.Pow(2, Math.Min(failedAttempts - 1, 20));
        return (doubled < Longest ? doubled : Longest) * (0.8 + (0.4 * random));
    }
}
