using Capyd.Alerts;
using Capyd.Storage.Alerts;
using Capyd.Storage.Ids;

namespace Capyd.Tests.Alerts;

public sealed class AlertPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, 79, null)]
    [InlineData(null, 80, "warning")]
    [InlineData(null, 95, "critical")]
    [InlineData("warning", 94, "warning")]
    [InlineData("warning", 95, "critical")]
    [InlineData("warning", 75, "warning")]
    [InlineData("warning", 74, null)]
    [InlineData("critical", 90, "critical")]
    [InlineData("critical", 89, "warning")]
    [InlineData("critical", 74, null)]
    [InlineData("critical", 300, "critical")]
    public void Usage_opens_worsens_eases_and_ends_at_its_thresholds(string? current, long percent, string? expected) =>
        Assert.Equal(expected, AlertPolicy.Severity(current, new AlertReading("storage", percent, 100, AlertThresholds.Usage)));

    [Theory]
    [InlineData(null, 0, null)]
    [InlineData(null, 1, "warning")]
    [InlineData("warning", 2, "warning")]
    [InlineData("warning", 3, "critical")]
    [InlineData("critical", 0, null)]
    public void Failures_are_a_warning_and_the_third_is_critical(string? current, long failures, string? expected) =>
        Assert.Equal(expected, AlertPolicy.Severity(current, new AlertReading("backup_failure", failures, 1, AlertThresholds.Failures)));

    [Fact]
    public void A_limit_of_nothing_is_no_alert() => Assert.Null(AlertPolicy.Severity(null, new AlertReading("x", 5, 0, AlertThresholds.Usage)));

    [Fact]
    public void Opening_escalation_and_end_are_told_and_easing_is_not()
    {
        Assert.Equal(AlertChange.Opened, AlertPolicy.Change(null, "warning", Now));
        Assert.Equal(AlertChange.Escalated, AlertPolicy.Change(Row("warning"), "critical", Now));
        Assert.Null(AlertPolicy.Change(Row("critical"), "warning", Now));
        Assert.Equal(AlertChange.Resolved, AlertPolicy.Change(Row("critical"), null, Now));
        Assert.Null(AlertPolicy.Change(null, null, Now));
    }

    [Fact]
    public void An_open_alert_is_repeated_once_a_day_until_it_is_acknowledged()
    {
        Assert.Null(AlertPolicy.Change(Row("warning"), "warning", Now.AddHours(23)));
        Assert.Equal(AlertChange.Repeated, AlertPolicy.Change(Row("warning"), "warning", Now.AddHours(24)));
        Assert.Null(AlertPolicy.Change(Row("warning") with { LastNotifiedAt = Now.AddHours(24) }, "warning", Now.AddHours(47)));
        Assert.Null(AlertPolicy.Change(Row("warning") with { AcknowledgedAt = Now }, "warning", Now.AddHours(240)));
    }

    [Fact]
    public void A_value_that_hardly_moves_is_not_written_again()
    {
        var reading = new AlertReading("storage", 850, 1000, AlertThresholds.Usage);
        var open = Row("warning") with { ObservedValue = 850, LimitValue = 1000 };
        Assert.False(AlertBook.Matters(open, reading, Now));
        Assert.False(AlertBook.Matters(open, reading with { Observed = 859 }, Now));
        Assert.True(AlertBook.Matters(open, reading with { Observed = 860 }, Now));
        Assert.True(AlertBook.Matters(open, reading with { Observed = 100 }, Now));
        Assert.False(AlertBook.Matters(null, reading with { Observed = 100 }, Now));
    }

    private static AlertRow Row(string severity) => new()
    {
        Id = Id<AlertKind>.New(), ProjectId = Id<ProjectKind>.New(), OrganizationId = Id<OrganizationKind>.New(), Kind = "storage",
        Severity = severity, ObservedValue = 85, LimitValue = 100, TriggeredAt = Now, LastNotifiedAt = Now,
    };
}
