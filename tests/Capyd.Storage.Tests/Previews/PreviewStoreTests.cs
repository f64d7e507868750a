using Capyd.Storage.Previews;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Tests.Previews;

public sealed class PreviewStoreTests : IDisposable
{
    private readonly Metadata _metadata = new();
    private readonly PreviewRow _preview;

    public PreviewStoreTests()
    {
        _preview = _metadata.NewPreview("pr-1");
        _metadata.Write(tx => PreviewStore.Insert(tx, _preview));
    }

    private PreviewRow Stored => _metadata.Read(session => PreviewStore.Find(session, _preview.Id))!;

    [Fact]
    public void A_preview_reads_back_as_it_was_written() => Assert.Equivalent(_preview, Stored, strict: true);

    [Fact]
    public void A_name_is_unique_until_its_preview_is_deleted()
    {
        Assert.True(Assert.Throws<ConstraintViolationException>(
            () => _metadata.Write(tx => PreviewStore.Insert(tx, _metadata.NewPreview("pr-1")))).IsUniqueness);

        _metadata.Write(tx => PreviewStore.MarkDeleted(tx, _preview.Id, TestClock.Now));
        _metadata.Write(tx => PreviewStore.Insert(tx, _metadata.NewPreview("pr-1")));

        Assert.Single(_metadata.Read(session => PreviewStore.ListLive(session, _metadata.Project.Id)));
        Assert.Single(_metadata.Read(PreviewStore.ListAllLive));
        Assert.Empty(Stored.PasswordSealed);
    }

    [Fact]
    public void An_expired_preview_is_listed_until_its_deletion_begins()
    {
        Assert.Empty(Expired(TestClock.Now.AddHours(23)));
        Assert.Single(Expired(TestClock.Now.AddHours(24)));

        _metadata.Write(tx => PreviewStore.SetTtl(tx, _preview.Id, 48, TestClock.Now.AddHours(48), TestClock.Now));
        Assert.Empty(Expired(TestClock.Now.AddHours(24)));

        Assert.True(_metadata.Write(tx => PreviewStore.SetState(
            tx, _preview.Id, [PreviewStates.Ready], PreviewStates.Deleting, null, TestClock.Now)));
        Assert.Empty(Expired(TestClock.Now.AddHours(48)));
    }

    [Fact]
    public void The_source_is_kept()
    {
        _metadata.Write(tx => PreviewStore.SetSource(tx, _preview.Id, "backup", "backups/a", TestClock.Now));

        Assert.Equal(("backup", "backups/a"), (Stored.SourceKind, Stored.SourceBackupKey));
    }

    public void Dispose() => _metadata.Dispose();

    private IReadOnlyList<PreviewRow> Expired(DateTimeOffset now) =>
        _metadata.Read(session => PreviewStore.ListExpired(session, now));
}
