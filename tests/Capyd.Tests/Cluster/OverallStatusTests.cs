using Capyd.Cluster;

namespace Capyd.Tests.Cluster;

public sealed class OverallStatusTests
{
    [Theory]
    [InlineData("operational", true, "operational")]
    [InlineData("starting", true, "operational")]
    [InlineData("off", true, "operational")]
    [InlineData("degraded", true, "degraded")]
    [InlineData("down", true, "degraded")]
    [InlineData("unavailable", true, "degraded")]
    [InlineData("degraded", false, "operational")]
    [InlineData("not installed", false, "operational")]
    [InlineData("down", false, "degraded")]
    public void The_whole_is_as_its_worst_part_that_matters(string word, bool concernsSafety, string overall) =>
        Assert.Equal(overall, OverallStatus.Of([(new ComponentBody("API", "operational", null), true), (new ComponentBody("part", word, "why"), concernsSafety)]));
}
