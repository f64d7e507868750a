using Capyd.BaseBackups;
using Capyd.Configuration;
using Capyd.Storage.BaseBackups;
using BaseBackupId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.BaseBackupKind>;

namespace Capyd.Tests.BaseBackups;

/// <summary>Traps 84 and 87: the schedule is in UTC, and what was missed is due once.</summary>
public sealed class BaseBackupClockTests
{
    [Fact]
    public void The_first_one_is_tried_again_some_time_after_it_failed()
    {
        var failed = new BaseBackupRow
        {
            Id = BaseBackupId.New(), Name = "n", State = "failed", Trigger = "first", Error = "e", CreatedAt = At("2026-11-20T00:00:00Z"), UpdatedAt = At("2026-11-20T00:00:00Z"),
        };
        Assert.Equal("first", BaseBackupClock.First(null, At("2026-11-20T00:00:00Z")));
        Assert.Null(BaseBackupClock.First(failed, At("2026-11-20T00:09:59Z")));
        Assert.Equal("first", BaseBackupClock.First(failed, At("2026-11-20T00:10:00Z")));
    }

    [Theory]
    [InlineData("off", "")]
    [InlineData("15 3 * * 1-5", "15 3 * * 1-5")]
    public void A_schedule_is_taken(string text, string taken)
    {
        string? got = null;
        Assert.Null(ConfigurationValue.Cron(text, x => got = x));
        Assert.Equal(taken, got);
    }

    [Theory]
    [InlineData("")]
    [InlineData("daily")]
    [InlineData("61 2 * * *")]
    [InlineData("* * * * * *")]
    public void What_is_no_schedule_is_refused(string text) => Assert.NotNull(ConfigurationValue.Cron(text, _ => Assert.Fail("taken")));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
