using Capyd.Hosting;

namespace Capyd.Tests.Service;

public sealed class LoopPulseTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public void A_loop_that_beats_in_time_is_well()
    {
        var health = new LoopHealth(_clock);
        var pulse = health.Watch("ticker", TimeSpan.FromMinutes(1));
        _clock.Pass(60);
        Assert.Null(health.Problem);
        pulse.Beat();
        _clock.Pass(60);
        Assert.Null(health.Problem);
        Assert.Null(health.Component);
    }

    [Fact]
    public void A_loop_that_is_silent_too_long_is_named_with_the_time()
    {
        var health = new LoopHealth(_clock);
        health.Watch("job worker", TimeSpan.FromMinutes(1));
        health.Watch("ticker", TimeSpan.FromMinutes(15));
        _clock.Pass(61);
        Assert.Equal("the job worker has stood still for 61 s", health.Problem);
        Assert.Equal("down", health.Component?.Status);
    }

    [Fact]
    public void A_loop_that_waits_for_something_outside_may_take_its_time()
    {
        var health = new LoopHealth(_clock);
        var pulse = health.Watch("job worker", TimeSpan.FromMinutes(1));
        pulse.Rest();
        _clock.Pass(100_000);
        Assert.Null(health.Problem);
        pulse.Beat();
        _clock.Pass(61);
        Assert.NotNull(health.Problem);
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks = 1;

        public override long GetTimestamp() => _ticks;

        public override long TimestampFrequency => 1;

        public void Pass(long seconds) => _ticks += seconds;
    }
}
