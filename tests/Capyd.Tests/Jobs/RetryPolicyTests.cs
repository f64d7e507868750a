using Capyd.Jobs;

namespace Capyd.Tests.Jobs;

public sealed class RetryPolicyTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(30, 600)]
    public void The_wait_doubles_up_to_ten_minutes(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryPolicy.Delay(TimeSpan.FromSeconds(5), failures, 0.5));

    [Fact]
    public void Jitter_is_a_fifth_either_way()
    {
        Assert.Equal(TimeSpan.FromSeconds(8), RetryPolicy.Delay(TimeSpan.FromSeconds(10), 1, 0));
        Assert.Equal(TimeSpan.FromSeconds(12), RetryPolicy.Delay(TimeSpan.FromSeconds(10), 1, 1));
    }
}
