using Capyd.Storage.Alerts;
using Capyd.Storage.Ids;
using Capyd.Storage.Projects;
using Capyd.Storage.Sqlite;
using Capyd.Storage.Usage;

namespace Capyd.Storage.Tests.Records;

public sealed class AlertStoreTests : IDisposable
{
    private readonly Metadata _metadata = new();

    private AlertRow NewAlert(string kind = "storage") => new()
    {
        Id = Id<AlertKind>.New(), ProjectId = _metadata.Project.Id, OrganizationId = _metadata.Organization.Id, Kind = kind, Severity = AlertSeverities.Warning,
        ObservedValue = 80, LimitValue = 100, TriggeredAt = TestClock.Now, LastNotifiedAt = TestClock.Now,
    };

    [Fact]
    public void One_alert_of_a_kind_is_open_at_a_time()
    {
        var first = NewAlert();
        _metadata.Write(tx => AlertStore.Insert(tx, first));
        Assert.Equal(first, _metadata.Read(session => AlertStore.Find(session, first.Id)));
        Assert.Throws<ConstraintViolationException>(() => _metadata.Write(tx => AlertStore.Insert(tx, NewAlert())));
        _metadata.Write(tx => AlertStore.Insert(tx, NewAlert("connections")));

        Assert.True(_metadata.Write(tx => AlertStore.Update(tx, first with { ResolvedAt = TestClock.Now })));
        Assert.False(_metadata.Write(tx => AlertStore.Update(tx, first with { Severity = AlertSeverities.Critical })));
        _metadata.Write(tx => AlertStore.Insert(tx, NewAlert()));

        Assert.Equal(2, _metadata.Read(AlertStore.ListOpen).Count);
        Assert.Equal(3, _metadata.Read(session => AlertStore.ListByProject(session, _metadata.Project.Id, TestClock.Now)).Count);
        Assert.Equal(2, _metadata.Read(session => AlertStore.ListByProject(session, _metadata.Project.Id, TestClock.Now.AddSeconds(1))).Count);
    }

    [Fact]
    public void The_first_acknowledgement_is_kept()
    {
        var alert = NewAlert();
        _metadata.Write(tx => AlertStore.Insert(tx, alert));
        Assert.True(_metadata.Write(tx => AlertStore.Acknowledge(tx, alert.Id, TestClock.Now)));
        Assert.False(_metadata.Write(tx => AlertStore.Acknowledge(tx, alert.Id, TestClock.Now.AddHours(1))));
        Assert.True(_metadata.Write(tx => AlertStore.Update(tx, alert with { ObservedValue = 90 })));
        Assert.Equal(alert with { ObservedValue = 90, AcknowledgedAt = TestClock.Now }, _metadata.Read(session => AlertStore.Find(session, alert.Id)));
    }

    [Fact]
    public void The_first_number_of_a_day_stays_and_days_are_summed()
    {
        var (day, other) = (new DateOnly(2026, 11, 20), _metadata.NewProject("other"));
        _metadata.Write(tx =>
        {
            ProjectStore.Insert(tx, other);
            StorageSampleStore.Record(tx, _metadata.Project, day, 10);
            StorageSampleStore.Record(tx, _metadata.Project, day, 99);
            StorageSampleStore.Record(tx, other, day, 5);
            StorageSampleStore.Record(tx, other, day.AddDays(1), 7);
        });
        Assert.Equal([new StorageSampleRow(day, 15), new StorageSampleRow(day.AddDays(1), 7)], _metadata.Read(session => StorageSampleStore.ListByOrganization(session, _metadata.Organization.Id, day)));
        Assert.Equal(2, _metadata.Write(tx => StorageSampleStore.DeleteBefore(tx, day.AddDays(1))));
    }

    public void Dispose() => _metadata.Dispose();
}
