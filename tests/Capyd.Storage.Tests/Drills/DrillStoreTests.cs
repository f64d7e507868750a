using Capyd.Storage.BaseBackups;
using Capyd.Storage.Drills;

namespace Capyd.Storage.Tests.Drills;

public sealed class DrillStoreTests : IDisposable
{
    private static readonly DateTimeOffset Moment = TestClock.Now.AddHours(-3);
    private readonly Metadata _metadata = new();

    [Fact]
    public void A_drill_reads_back_as_it_was_written()
    {
        var drill = Insert(0) with { RequestedTime = Moment };
        var again = drill with { Id = DrillId.New() };
        _metadata.Write(tx => DrillStore.Insert(tx, again));

        Assert.Equivalent(again, _metadata.Read(session => DrillStore.Find(session, again.Id)), strict: true);
    }

    [Fact]
    public void A_good_drill_keeps_what_was_tried_and_measured()
    {
        var backup = BaseBackup();
        var drill = Insert(0);
        Assert.True(_metadata.Write(tx => DrillStore.Choose(tx, drill with { RestoreTime = Moment, TargetLsn = "0/3000028", BaseBackupId = backup }, TestClock.Now)));
        var measured = drill with { Recovery = TimeSpan.FromSeconds(3), Rto = TimeSpan.FromMilliseconds(4500), Tables = 2, Rows = 70 };
        Assert.True(_metadata.Write(tx => DrillStore.Succeed(tx, measured, TestClock.Now)));

        var last = _metadata.Read(session => DrillStore.LastSucceeded(session, _metadata.Project.Id))!;
        Assert.Equivalent(
            measured with { State = "succeeded", RestoreTime = Moment, TargetLsn = "0/3000028", BaseBackupId = backup, CompletedAt = TestClock.Now },
            last, strict: true);
        Assert.Equal(last, _metadata.Read(session => DrillStore.LastSucceeded(session, null)));
        Assert.Null(_metadata.Read(session => DrillStore.LastSucceeded(session, ProjectId.New())));
    }

    [Fact]
    public void A_drill_ends_once()
    {
        var drill = Insert(0);
        Assert.True(_metadata.Write(tx => DrillStore.Fail(tx, drill.Id, "no pg_amcheck", TestClock.Now)));

        Assert.False(_metadata.Write(tx => DrillStore.Fail(tx, drill.Id, "again", TestClock.Now)));
        Assert.False(_metadata.Write(tx => DrillStore.Choose(tx, drill with { RestoreTime = Moment }, TestClock.Now)));
        Assert.False(_metadata.Write(tx => DrillStore.Succeed(tx, drill with { Rto = TimeSpan.Zero }, TestClock.Now)));
        Assert.Equal("no pg_amcheck", _metadata.Read(session => DrillStore.Find(session, drill.Id))!.Error);
    }

    [Fact]
    public void Failures_are_counted_since_the_last_good_drill()
    {
        Fail(Insert(0));
        Succeed(Insert(1));
        Fail(Insert(2));
        Fail(Insert(3));

        Assert.Equal(2, _metadata.Read(DrillStore.FailuresInARow)[_metadata.Project.Id]);
        Assert.Equal(new Dictionary<string, long> { ["failed"] = 3, ["succeeded"] = 1 }, _metadata.Read(DrillStore.CountByState));

        Succeed(Insert(4));
        Assert.Equal(0, _metadata.Read(DrillStore.FailuresInARow)[_metadata.Project.Id]);
    }

    [Fact]
    public void Drills_are_listed_newest_first_for_their_organization_alone()
    {
        var drills = Enumerable.Range(0, 3).Select(Insert).ToList();

        var listed = _metadata.Read(session => DrillStore.List(session, _metadata.Organization.Id, null, 2));
        Assert.Equal([drills[2].Id, drills[1].Id], listed.Select(drill => drill.Id));
        Assert.Equal(3, _metadata.Read(session => DrillStore.List(session, _metadata.Organization.Id, _metadata.Project.Id, 9)).Count);
        Assert.Empty(_metadata.Read(session => DrillStore.List(session, OrganizationId.New(), null, 9)));
        Assert.Empty(_metadata.Read(session => DrillStore.List(session, _metadata.Organization.Id, ProjectId.New(), 9)));
    }

    public void Dispose() => _metadata.Dispose();

    private DrillRow Insert(int minute)
    {
        var drill = new DrillRow
        {
            Id = DrillId.New(), ProjectId = _metadata.Project.Id, OrganizationId = _metadata.Organization.Id, Trigger = "manual", Seed = 7,
            JobId = _metadata.Insert(_metadata.NewJob()).Id, CreatedAt = TestClock.Now.AddMinutes(minute), UpdatedAt = TestClock.Now,
        };
        _metadata.Write(tx => DrillStore.Insert(tx, drill));
        return drill;
    }

    private void Fail(DrillRow drill) => _metadata.Write(tx => DrillStore.Fail(tx, drill.Id, "broken", TestClock.Now));

    private void Succeed(DrillRow drill) => _metadata.Write(tx =>
    {
        DrillStore.Choose(tx, drill with { RestoreTime = Moment, TargetLsn = "0/1", BaseBackupId = BaseBackup(tx) }, TestClock.Now);
        DrillStore.Succeed(tx, drill with { Rto = TimeSpan.FromSeconds(1) }, TestClock.Now);
    });

    private BaseBackupId BaseBackup() => _metadata.Write(BaseBackup);

    private static BaseBackupId BaseBackup(Capyd.Storage.Sqlite.MetadataTransaction tx)
    {
        var id = BaseBackupId.New();
        BaseBackupStore.Insert(tx, new BaseBackupRow
        {
            Id = id, Name = id.ToString(), State = "running", Trigger = "first", CreatedAt = TestClock.Now, UpdatedAt = TestClock.Now,
        });
        return id;
    }
}
