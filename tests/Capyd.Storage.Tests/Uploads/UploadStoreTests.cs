using Capyd.Storage.Ids;
using Capyd.Storage.Projects;
using Capyd.Storage.Uploads;

namespace Capyd.Storage.Tests.Uploads;

public sealed class UploadStoreTests : IDisposable
{
    private const string Boot = "boot_one";
    private static readonly string Hash = new('a', 64);
    private readonly Metadata _metadata = new();
    private readonly UploadRow _slot;

    public UploadStoreTests()
    {
        _slot = new UploadRow
        {
            Id = Id<UploadKind>.New(), OrganizationId = _metadata.Organization.Id, ProjectId = _metadata.Project.Id, State = UploadStates.Open,
            ExpiresAt = TestClock.Now.AddHours(1), CreatedAt = TestClock.Now, UpdatedAt = TestClock.Now,
        };
        _metadata.Write(tx => UploadStore.Insert(tx, _slot));
    }

    private UploadRow Stored => _metadata.Read(session => UploadStore.Find(session, _slot.Id))!;

    [Fact]
    public void A_slot_reads_back_as_it_was_written() => Assert.Equivalent(_slot, Stored, strict: true);

    [Fact]
    public void A_slot_is_taken_by_one_upload_only()
    {
        Assert.True(_metadata.Write(tx => UploadStore.Begin(tx, _slot.Id, Boot, TestClock.Now)));
        Assert.False(_metadata.Write(tx => UploadStore.Begin(tx, _slot.Id, Boot, TestClock.Now)));
        Assert.True(Complete(Boot));
        Assert.False(_metadata.Write(tx => UploadStore.Begin(tx, _slot.Id, Boot, TestClock.Now)));
        Assert.Equal((UploadStates.Uploaded, 7L, Hash), (Stored.State, Stored.SizeBytes, Stored.Sha256));
    }

    [Fact]
    public void A_slot_closes_when_its_time_is_over() =>
        Assert.False(_metadata.Write(tx => UploadStore.Begin(tx, _slot.Id, Boot, TestClock.Now.AddHours(1))));

    [Fact]
    public void An_upload_that_broke_off_or_whose_daemon_died_may_be_made_again()
    {
        _metadata.Write(tx => UploadStore.Begin(tx, _slot.Id, Boot, TestClock.Now));
        Assert.True(_metadata.Write(tx => UploadStore.Reopen(tx, _slot.Id, Boot, TestClock.Now)));
        _metadata.Write(tx => UploadStore.Begin(tx, _slot.Id, Boot, TestClock.Now));
        Assert.Equal(0, _metadata.Write(tx => UploadStore.ReopenOrphans(tx, Boot, TestClock.Now)));
        Assert.Equal(1, _metadata.Write(tx => UploadStore.ReopenOrphans(tx, "boot_two", TestClock.Now)));
        Assert.False(Complete(Boot));
        Assert.Equal(UploadStates.Open, Stored.State);
    }

    [Fact]
    public void What_is_being_received_is_never_due_for_removal()
    {
        var later = TestClock.Now.AddDays(2);
        Assert.Empty(Due(TestClock.Now));
        Assert.Single(Due(later));
        _metadata.Write(tx => UploadStore.Begin(tx, _slot.Id, Boot, TestClock.Now));
        Assert.Empty(Due(later));
        Assert.False(_metadata.Write(tx => UploadStore.Delete(tx, _slot.Id)));
        Complete(Boot);
        Assert.Single(Due(later));
        _metadata.Write(tx => UploadStore.Expire(tx, _slot.Id, TestClock.Now));
        Assert.Single(Due(TestClock.Now));
        Assert.True(_metadata.Write(tx => UploadStore.Delete(tx, _slot.Id)));
    }

    [Fact]
    public void The_uploads_of_a_deleted_project_are_due()
    {
        _metadata.Write(tx => ProjectStore.MarkDeleted(tx, _metadata.Project.Id, TestClock.Now));
        Assert.Single(Due(TestClock.Now));
    }

    private IReadOnlyList<UploadRow> Due(DateTimeOffset now) => _metadata.Read(session => UploadStore.ListDue(session, now));

    private bool Complete(string boot) => _metadata.Write(tx => UploadStore.Complete(tx, _slot.Id, boot, 7, Hash, TestClock.Now.AddDays(1), TestClock.Now));

    public void Dispose() => _metadata.Dispose();
}
