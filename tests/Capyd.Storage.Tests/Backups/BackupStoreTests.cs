using Capyd.Storage.Backups;

namespace Capyd.Storage.Tests.Backups;

public sealed class BackupStoreTests : IDisposable
{
    private static readonly string Digest = new('a', 64);

    private readonly Metadata _metadata = new();
    private readonly JobId _job;

    public BackupStoreTests() => _job = _metadata.Insert(_metadata.NewJob()).Id;

    [Fact]
    public void A_backup_reads_back_as_it_was_written()
    {
        var backup = Insert(TestClock.Now);

        Assert.Equal(backup, _metadata.Read(session => BackupStore.FindByKey(session, backup.BackupKey)));
        Assert.Equal(backup, _metadata.Read(session => BackupStore.FindByJob(session, _job)));
    }

    [Fact]
    public void Only_a_running_backup_is_published_and_only_a_completed_one_verified()
    {
        var backup = Insert(TestClock.Now);
        Assert.Empty(_metadata.Read(s => BackupStore.ListByProject(s, _metadata.Project.Id, includeRunning: false)));
        Assert.Single(_metadata.Read(s => BackupStore.ListByProject(s, _metadata.Project.Id, includeRunning: true)));
        Assert.False(Verify(backup));

        Assert.True(Publish(backup));
        Assert.False(Publish(backup));
        Assert.True(Verify(backup));

        var stored = _metadata.Read(session => BackupStore.Find(session, backup.Id))!;
        Assert.Equal((BackupStates.Completed, 42L, Digest), (stored.State, stored.SizeBytes, stored.Sha256));
        Assert.Equal((VerificationStates.Verified, TestClock.Now), (stored.VerificationState, stored.VerifiedAt));
    }

    [Fact]
    public void The_newest_verified_backup_never_expires()
    {
        var old = Insert(TestClock.Now);
        var newest = Insert(TestClock.Now.AddDays(1));
        var unproven = Insert(TestClock.Now.AddDays(2));
        var kept = Insert(TestClock.Now, retentionDays: null);
        foreach (var backup in new[] { old, newest, unproven, kept })
        {
            Publish(backup);
        }

        Verify(old);
        Verify(newest);

        Assert.Empty(Due(TestClock.Now.AddDays(6)));
        Assert.Equal([old.Id], Due(TestClock.Now.AddDays(7)));
        Assert.Equal([old.Id, unproven.Id], Due(TestClock.Now.AddDays(90)));

        _metadata.Write(tx => BackupStore.SetState(
            tx, old.Id, [BackupStates.Completed], BackupStates.Deleting, TestClock.Now));
        Assert.Equal([unproven.Id], Due(TestClock.Now.AddDays(90)));
    }

    public void Dispose() => _metadata.Dispose();

    private BackupRow Insert(DateTimeOffset at, int? retentionDays = 7)
    {
        var backup = _metadata.NewBackup(_job, at) with { RetentionDays = retentionDays };
        _metadata.Write(tx => BackupStore.Insert(tx, backup));
        return backup;
    }

    private bool Publish(BackupRow backup) =>
        _metadata.Write(tx => BackupStore.Publish(tx, backup.Id, 42, Digest, TestClock.Now));

    private bool Verify(BackupRow backup) => _metadata.Write(tx => BackupStore.SetVerification(
        tx, backup.Id, VerificationStates.Verified, null, TestClock.Now));

    private IEnumerable<BackupId> Due(DateTimeOffset now) =>
        _metadata.Read(session => BackupStore.ListDueForExpiry(session, now)).Select(backup => backup.Id);
}
