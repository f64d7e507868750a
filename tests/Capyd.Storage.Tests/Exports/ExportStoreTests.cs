using Capyd.Storage.Exports;
using Capyd.Storage.Projects;

namespace Capyd.Storage.Tests.Exports;

public sealed class ExportStoreTests : IDisposable
{
    private readonly Metadata _metadata = new();
    private readonly JobId _job;

    public ExportStoreTests() => _job = _metadata.Insert(_metadata.NewJob()).Id;

    [Fact]
    public void An_export_reads_back_and_is_completed_once()
    {
        var export = Insert();
        Assert.Equal(export, Find(export));
        Assert.True(Complete(export));
        Assert.False(Complete(export));
        Assert.False(_metadata.Write(tx => ExportStore.Fail(tx, export.Id, "late", TestClock.Now)));

        var stored = Find(export);
        Assert.Equal((ExportStates.Completed, 42L, TestClock.Now.AddDays(7)), (stored.State, stored.SizeBytes, stored.ExpiresAt));
        Assert.Equal([stored], _metadata.Read(session => ExportStore.ListByProject(session, _metadata.Project.Id)));
    }

    [Fact]
    public void Ended_exports_are_due_when_their_time_has_come_and_running_ones_never()
    {
        var (completed, failed) = (Insert(), Insert());
        Insert();
        Complete(completed);
        _metadata.Write(tx => ExportStore.Fail(tx, failed.Id, "no", TestClock.Now));

        Assert.Empty(Due(TestClock.Now));
        Assert.Equal([failed.Id, completed.Id], Due(TestClock.Now.AddDays(7)));

        _metadata.Write(tx => ExportStore.SetState(tx, completed.Id, [ExportStates.Completed], ExportStates.Deleting, TestClock.Now));
        Assert.Equal([completed.Id], Due(TestClock.Now));
        _metadata.Write(tx => ExportStore.SetState(tx, completed.Id, [ExportStates.Deleting], ExportStates.Expired, TestClock.Now));
        Assert.Empty(Due(TestClock.Now));
    }

    [Fact]
    public void The_exports_of_a_deleted_project_are_due_at_once()
    {
        var export = Insert();
        Complete(export);
        _metadata.Write(tx =>
        {
            ProjectStore.SetState(tx, _metadata.Project.Id, [ProjectStates.Ready], ProjectStates.Deleting, null, TestClock.Now);
            ProjectStore.MarkDeleted(tx, _metadata.Project.Id, TestClock.Now);
        });
        Assert.Equal([export.Id], Due(TestClock.Now));
    }

    public void Dispose() => _metadata.Dispose();

    private ExportRow Insert()
    {
        var id = ExportId.New();
        var row = new ExportRow
        {
            Id = id, ProjectId = _metadata.Project.Id, OrganizationId = _metadata.Organization.Id, DatabaseName = "shop", ObjectKey = $"exports/{id}.dump",
            State = ExportStates.Running, JobId = _job, ExpiresAt = TestClock.Now.AddDays(6), CreatedAt = TestClock.Now, UpdatedAt = TestClock.Now,
        };
        _metadata.Write(tx => ExportStore.Insert(tx, row));
        return row;
    }

    private ExportRow Find(ExportRow export) => _metadata.Read(session => ExportStore.Find(session, export.Id))!;

    private bool Complete(ExportRow export) => _metadata.Write(tx => ExportStore.Complete(tx, export.Id, 42, TestClock.Now.AddDays(7), TestClock.Now));

    private IEnumerable<ExportId> Due(DateTimeOffset now) => _metadata.Read(session => ExportStore.ListDueForExpiry(session, now)).Select(export => export.Id);
}
