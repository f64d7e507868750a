using Capyd.Metrics;
using Capyd.Storage.Ids;

namespace Capyd.Tests.Metrics;

public sealed class MetricsPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_family_has_its_meaning_once_and_its_values_together()
    {
        var page = new MetricsPage(null, Now);
        var jobs = page.Gauge("capyd_jobs", "Jobs by state.");
        page.Gauge("capyd_up", "Whether it is up.").Add(1);
        jobs.Add(2, ("state", "running")).Add(0.5, ("state", "pending"));

        Assert.Equal(
            "# HELP capyd_jobs Jobs by state.\n# TYPE capyd_jobs gauge\ncapyd_jobs{state=\"running\"} 2\ncapyd_jobs{state=\"pending\"} 0.5\n"
            + "# HELP capyd_up Whether it is up.\n# TYPE capyd_up gauge\ncapyd_up 1\n",
            page.ToString());
    }

    [Fact]
    public void What_is_not_known_is_not_shown()
    {
        var page = new MetricsPage(null, Now);
        page.Gauge("capyd_age_seconds", "An age.").Add(page.Age(null));

        Assert.Equal("", page.ToString());
        Assert.Equal(90, page.Age(Now.AddSeconds(-90)));
        Assert.Equal(0, page.Age(Now.AddSeconds(90)));
    }

    [Fact]
    public void Labels_and_meanings_are_escaped()
    {
        var page = new MetricsPage(null, Now);
        page.Gauge("capyd_odd", "a\\b\nc").Add(1, ("what", "say \"hi\"\\\n"), ("other", "x"));

        Assert.Equal("# HELP capyd_odd a\\\\b\\nc\n# TYPE capyd_odd gauge\ncapyd_odd{what=\"say \\\"hi\\\"\\\\\\n\",other=\"x\"} 1\n", page.ToString());
    }

    [Fact]
    public void A_family_is_not_written_twice_nor_under_a_bad_name()
    {
        var page = new MetricsPage(null, Now);
        page.Gauge("capyd_one", "One.");

        Assert.Throws<ArgumentException>(() => page.Counter("capyd_one", "One again."));
        Assert.Throws<ArgumentException>(() => page.Gauge("capyd-two", "Two."));
        Assert.Throws<ArgumentException>(() => page.Gauge("capyd_three", ""));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1e300, "1E+300")]
    [InlineData(1234567890123456, "1234567890123456")]
    [InlineData(0.1, "0.1")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Numbers_are_as_Prometheus_reads_them(double value, string text) => Assert.Equal(text, MetricFamily.Number(value));

    [Fact]
    public void One_organization_is_told_of_its_own_projects_alone()
    {
        var (one, other) = (Id<OrganizationKind>.New(), Id<OrganizationKind>.New());
        Assert.True(new MetricsPage(one, Now).Shows(one));
        Assert.False(new MetricsPage(one, Now).Shows(other));
        Assert.True(new MetricsPage(null, Now).Shows(other));
    }

    [Fact]
    public async Task Durations_of_jobs_are_a_histogram_whose_buckets_hold_the_smaller_ones()
    {
        var durations = new JobDurations();
        durations.Note("project.backup", "completed", TimeSpan.FromSeconds(0.7));
        durations.Note("project.backup", "completed", TimeSpan.FromSeconds(70));
        durations.Note("project.backup", "failed", TimeSpan.FromDays(1));
        var page = new MetricsPage(null, Now);
        await durations.DescribeAsync(page, CancellationToken.None);

        var lines = page.ToString().Split('\n');
        Assert.Contains("""capyd_job_duration_seconds_bucket{type="project.backup",outcome="completed",le="0.5"} 0""", lines);
        Assert.Contains("""capyd_job_duration_seconds_bucket{type="project.backup",outcome="completed",le="1"} 1""", lines);
        Assert.Contains("""capyd_job_duration_seconds_bucket{type="project.backup",outcome="completed",le="+Inf"} 2""", lines);
        Assert.Contains("""capyd_job_duration_seconds_sum{type="project.backup",outcome="completed"} 70.7""", lines);
        Assert.Contains("""capyd_job_duration_seconds_bucket{type="project.backup",outcome="failed",le="14400"} 0""", lines);
        Assert.Contains("""capyd_job_duration_seconds_count{type="project.backup",outcome="failed"} 1""", lines);
    }
}
