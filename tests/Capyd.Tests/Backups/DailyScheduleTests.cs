using Capyd.Backups;
using ProjectId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.ProjectKind>;

namespace Capyd.Tests.Backups;

/// <summary>Traps 84–87.</summary>
public sealed class DailyScheduleTests
{
    private static readonly DateTimeOffset Made = At("2026-03-01T00:00:00Z");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-03-29T02:14:59Z", "2026-03-28T02:15:00Z")]
    [InlineData("2026-03-29T02:15:00Z", "2026-03-29T02:15:00Z")]
    [InlineData("2026-03-29T23:59:00Z", "2026-03-29T02:15:00Z")]
    public void The_last_due_instant_is_the_newest_one_that_has_come(string now, string due) =>
        Assert.Equal(At(due), DailySchedule.LastDue(2, 15, At(now)));

    [Fact]
    public void A_handled_instant_is_not_due_again() =>
        Assert.Null(DailySchedule.DueNow(2, 15, Made, At("2026-03-29T02:15:00Z"), TimeSpan.Zero, At("2026-03-29T02:16:00Z")));

    [Fact]
    public void A_run_missed_while_the_daemon_was_down_is_caught_up_once() =>
        Assert.Equal(At("2026-03-29T02:15:00Z"), DailySchedule.DueNow(2, 15, Made, At("2026-03-25T02:15:00Z"), TimeSpan.Zero, At("2026-03-30T01:00:00Z")));

    [Fact]
    public void An_instant_before_the_schedule_was_made_is_not_due() =>
        Assert.Null(DailySchedule.DueNow(2, 15, At("2026-03-29T10:00:00Z"), null, TimeSpan.Zero, At("2026-03-29T10:01:00Z")));

    [Fact]
    public void Jitter_puts_the_run_off_and_loses_none() =>
        Assert.Equal(
            (null, At("2026-03-29T02:15:00Z")),
            (DailySchedule.DueNow(2, 15, Made, null, TimeSpan.FromSeconds(40), At("2026-03-29T02:15:39Z")),
             DailySchedule.DueNow(2, 15, Made, null, TimeSpan.FromSeconds(40), At("2026-03-29T02:15:40Z"))));

    [Fact]
    public void A_clock_that_was_set_back_does_not_fire_an_instant_twice() =>
        Assert.Null(DailySchedule.DueNow(2, 15, Made, At("2026-03-29T02:15:00Z"), TimeSpan.Zero, At("2026-03-28T23:00:00Z")));

    [Fact]
    public void Jitter_of_a_project_is_always_the_same()
    {
        var project = ProjectId.New();
        Assert.Equal(DailySchedule.Jitter(project), DailySchedule.Jitter(project));
        Assert.InRange(DailySchedule.Jitter(project), TimeSpan.Zero, TimeSpan.FromSeconds(90));
    }
}
