using System.Globalization;
using Capyd.Scheduling;

namespace Capyd.Tests.Scheduling;

/// <summary>Traps 84 and 87: schedules are in UTC, and what was missed is due once.</summary>
public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("30 2 * * *", "2026-11-20T02:30:00Z", "2026-11-21T02:30:00Z")]
    [InlineData("30 2 * * *", "2026-11-20T02:29:59Z", "2026-11-20T02:30:00Z")]
    [InlineData("0 4 * * 0", "2026-11-16T00:00:00Z", "2026-11-22T04:00:00Z")]
    [InlineData("0 0 1 * *", "2026-11-16T00:00:00Z", "2026-12-01T00:00:00Z")]
    public void The_next_instant_follows_what_was_handled(string expression, string after, string next) =>
        Assert.Equal(At(next), CronExpression.Parse(expression).Next(At(after)!.Value));

    [Theory]
    [InlineData("2026-11-21T12:00:00Z", "2026-11-21T12:00:00Z", null)]
    [InlineData("2026-11-21T12:00:00Z", "2026-11-22T04:14:59Z", null)]
    [InlineData("2026-11-21T12:00:00Z", "2026-11-22T04:15:00Z", "2026-11-22T04:15:00Z")]
    [InlineData("2026-11-22T04:15:00Z", "2026-11-22T04:15:00Z", null)]
    [InlineData("2026-11-01T12:00:00Z", "2026-11-23T12:00:00Z", "2026-11-22T04:15:00Z")]
    [InlineData("2026-11-23T12:00:00Z", "2026-11-21T12:00:00Z", null)]
    public void What_was_missed_is_due_once(string last, string now, string? due) =>
        Assert.Equal(At(due), CronExpression.Parse("15 4 * * 0").LastDue(At(last)!.Value, At(now)!.Value));

    [Theory]
    [InlineData("30 2 * * *", 24)]
    [InlineData("0 */6 * * *", 6)]
    [InlineData("0 3 * * 1", 168)]
    public void The_interval_is_that_between_the_next_two_instants(string schedule, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), CronExpression.Parse(schedule).Interval(At("2026-11-21T12:00:00Z")!.Value));

    [Theory]
    [InlineData("2026-11-21T12:00:00.1230000+00:00", "2026-11-21T12:00:00.123Z")]
    [InlineData("1795262400123", "2026-11-21T12:00:00.123Z")]
    [InlineData("nonsense", null)]
    public void What_was_handled_is_read_in_both_forms_that_were_ever_kept(string kept, string? at) => Assert.Equal(At(at), HandledInstant.Parse(kept));

    private static DateTimeOffset? At(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
