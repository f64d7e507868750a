namespace Capyd.Scheduling;

/// <summary>
/// Notices when the wall clock leaps ahead of the time that has really passed, as when somebody sets it wrong by days. What the
/// clock makes due is then not undone by setting it back, so it waits: until the clock is back, or has stood by its leap for a while.
/// A clock that was already wrong when the daemon started cannot be told from time that has passed.
/// </summary>
internal sealed class ClockGuard(TimeProvider clock)
{
    /// <summary>More than time servers correct by slewing, and than a daemon is ever kept from looking.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>How long a leap has to stand before it is believed; a machine that slept is believed after this, too.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private DateTimeOffset _wall = clock.GetUtcNow();
    private long _passed = clock.GetTimestamp();
    private (TimeSpan Ahead, long Since)? _leap;

    /// <summary>How far the clock is ahead of the time that has passed; null when it can be trusted. To be asked at each tick.</summary>
    public TimeSpan? Leap()
    {
        lock (_lock)
        {
            var ahead = clock.GetUtcNow() - _wall - clock.GetElapsedTime(_passed);
            if (ahead <= Tolerance || HasStood(ahead))
            {
                Trust();
                return null;
            }

            if (_leap is not { } leap || (ahead - leap.Ahead).Duration() > Tolerance)
            {
                _leap = (ahead, clock.GetTimestamp());
            }

            return ahead;
        }
    }

    private bool HasStood(TimeSpan ahead) =>
        _leap is { } leap && (ahead - leap.Ahead).Duration() <= Tolerance && clock.GetElapsedTime(leap.Since) >= Grace;

    private void Trust()
    {
        _leap = null;
        _wall = clock.GetUtcNow();
        _passed = clock.GetTimestamp();
    }
}
