using Capyd.Scheduling;

namespace Capyd.Tests.Scheduling;

public sealed class ClockGuardTests
{
    private readonly TwoClocks _clock = new();
    private readonly ClockGuard _guard;

    public ClockGuardTests() => _guard = new ClockGuard(_clock);

    [Fact]
    public void Time_that_really_passes_is_trusted_however_long_nobody_looked()
    {
        Assert.Null(_guard.Leap());
        _clock.Pass(TimeSpan.FromDays(3));
        Assert.Null(_guard.Leap());
    }

    [Fact]
    public void A_leap_is_reported_until_the_clock_is_set_back()
    {
        _clock.Set(TimeSpan.FromDays(5));
        Assert.Equal(TimeSpan.FromDays(5), _guard.Leap());
        _clock.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(TimeSpan.FromDays(5), _guard.Leap());
        _clock.Set(-TimeSpan.FromDays(5));
        Assert.Null(_guard.Leap());
        _clock.Pass(TimeSpan.FromMinutes(2));
        Assert.Null(_guard.Leap());
    }

    [Fact]
    public void A_leap_that_stands_is_believed_after_a_grace()
    {
        _clock.Set(TimeSpan.FromHours(8));
        Assert.NotNull(_guard.Leap());
        _clock.Pass(ClockGuard.Grace - TimeSpan.FromSeconds(1));
        Assert.NotNull(_guard.Leap());
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Null(_guard.Leap());
        _clock.Pass(TimeSpan.FromSeconds(30));
        Assert.Null(_guard.Leap());
    }

    [Fact]
    public void A_second_leap_begins_a_new_grace()
    {
        _clock.Set(TimeSpan.FromHours(1));
        Assert.NotNull(_guard.Leap());
        _clock.Pass(TimeSpan.FromMinutes(9));
        _clock.Set(TimeSpan.FromDays(30));
        Assert.NotNull(_guard.Leap());
        _clock.Pass(TimeSpan.FromMinutes(9));
        Assert.NotNull(_guard.Leap());
        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(_guard.Leap());
    }

    [Fact]
    public void Small_corrections_and_a_clock_set_back_are_no_leap()
    {
        _clock.Set(TimeSpan.FromMinutes(4));
        Assert.Null(_guard.Leap());
        _clock.Set(TimeSpan.FromMinutes(4));
        Assert.Null(_guard.Leap());
        _clock.Set(-TimeSpan.FromDays(2));
        Assert.Null(_guard.Leap());
        _clock.Set(TimeSpan.FromDays(2));
        Assert.NotNull(_guard.Leap());
    }

    /// <summary>A wall clock that can be set, beside one that only passes.</summary>
    private sealed class TwoClocks : TimeProvider
    {
        private DateTimeOffset _wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private long _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => _passed;

        public void Pass(TimeSpan time)
        {
            _wall += time;
            _passed += time.Ticks;
        }

        public void Set(TimeSpan by) => _wall += by;
    }
}
