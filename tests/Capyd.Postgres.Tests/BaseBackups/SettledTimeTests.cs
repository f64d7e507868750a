using Capyd.Postgres.BaseBackups;

namespace Capyd.Postgres.Tests.BaseBackups;

/// <summary>Times of files are whole seconds: what was written in the one in which it was read may be written again in it.</summary>
public sealed class SettledTimeTests
{
    [Theory]
    [InlineData(1000_900, 1000)]
    [InlineData(1000_030, 1000)]
    [InlineData(1000_010, 999)]
    [InlineData(1001_000, 1000)]
    public void Where_the_kernel_gives_the_times_only_its_tick_counts(long looked, long settled) =>
        Assert.Equal(settled, SettledTime.Before(At(looked), ["/tmp", "/"]).ToUnixTimeSeconds());

    [Theory]
    [InlineData("/tmp", "/nowhere/at/all")]
    [InlineData("/tmp", null)]
    public void Elsewhere_a_second_more_is_not_believed(string first, string? second) =>
        Assert.Equal(999, SettledTime.Before(At(1000_900), [first, second]).ToUnixTimeSeconds());

    [Fact]
    public void After_the_wait_everything_written_before_it_is_settled()
    {
        var next = SettledTime.NextAfter(At(1000_500));
        Assert.Equal(1001_020, next.ToUnixTimeMilliseconds());
        Assert.Equal(1001, SettledTime.Before(next, ["/tmp"]).ToUnixTimeSeconds());
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
