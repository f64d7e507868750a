using Capyd.Storage.Backups;
using Capyd.Storage.RestorePoints;

namespace Capyd.Storage.Tests.RestorePoints;

public sealed class RestorePointStoreTests : IDisposable
{
    private readonly Metadata _metadata = new();
    private readonly JobId _job;

    public RestorePointStoreTests() => _job = _metadata.Insert(_metadata.NewJob()).Id;

    [Fact]
    public void A_point_reads_back_with_the_key_of_its_backup_newest_first()
    {
        var backup = Backup(TestClock.Now);
        var label = Insert(Point() with { BackupId = backup.Id, BackupKey = backup.BackupKey });
        var instant = Insert(Point() with
        {
            Kind = RestorePointKinds.Pitr, PitrTime = TestClock.Now, WalName = "capyd_x", WalLsn = "0/16B3748", CreatedAt = TestClock.Now.AddHours(1),
        });

        Assert.Equal(label, _metadata.Read(session => RestorePointStore.Find(session, label.Id)));
        Assert.Equal([instant, label], _metadata.Read(session => RestorePointStore.ListByProject(session, _metadata.Project.Id)));
    }

    [Fact]
    public void A_labelled_backup_does_not_expire_until_its_last_label_is_gone()
    {
        var old = Backup(TestClock.Now);
        Backup(TestClock.Now.AddDays(30), verified: true);
        var (first, second) = (Insert(Point() with { BackupId = old.Id }), Insert(Point() with { BackupId = old.Id }));
        Assert.True(_metadata.Read(session => RestorePointStore.IsPinned(session, old.Id)));
        Assert.Empty(Due());

        Assert.True(_metadata.Write(tx => RestorePointStore.Delete(tx, first.Id)));
        Assert.False(_metadata.Write(tx => RestorePointStore.Delete(tx, first.Id)));
        Assert.Empty(Due());
        Assert.Equal(1, _metadata.Write(tx => RestorePointStore.DeleteByProject(tx, _metadata.Project.Id)));
        Assert.Null(_metadata.Read(session => RestorePointStore.Find(session, second.Id)));
        Assert.Equal([old.Id], Due());
    }

    [Fact]
    public void A_point_marks_a_backup_or_an_instant_and_never_both()
    {
        var backup = Backup(TestClock.Now);
        Assert.ThrowsAny<Exception>(() => Insert(Point()));
        Assert.ThrowsAny<Exception>(() => Insert(Point() with { BackupId = backup.Id, PitrTime = TestClock.Now }));
        Assert.ThrowsAny<Exception>(() => Insert(Point() with { Kind = RestorePointKinds.Pitr }));
    }

    public void Dispose() => _metadata.Dispose();

    private IEnumerable<BackupId> Due() => _metadata.Read(session => BackupStore.ListDueForExpiry(session, TestClock.Now.AddDays(90))).Select(backup => backup.Id);

    private BackupRow Backup(DateTimeOffset at, bool verified = false)
    {
        var backup = _metadata.NewBackup(_job, at);
        _metadata.Write(tx =>
        {
            BackupStore.Insert(tx, backup);
            BackupStore.Publish(tx, backup.Id, 1, new string('a', 64), at);
            if (verified)
            {
                BackupStore.SetVerification(tx, backup.Id, VerificationStates.Verified, null, at);
            }
        });
        return backup;
    }

    private RestorePointRow Point() => new()
    {
        Id = RestorePointId.New(), ProjectId = _metadata.Project.Id, OrganizationId = _metadata.Organization.Id, Label = "before the migration", Note = "two\nlines",
        Kind = RestorePointKinds.Backup, CreatedByActorKind = "api_key", CreatedByActorId = "key_x", CreatedAt = TestClock.Now, UpdatedAt = TestClock.Now,
    };

    private RestorePointRow Insert(RestorePointRow row)
    {
        _metadata.Write(tx => RestorePointStore.Insert(tx, row));
        return row;
    }
}
