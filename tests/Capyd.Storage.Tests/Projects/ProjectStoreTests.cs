using Capyd.Storage.Projects;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Tests.Projects;

public sealed class ProjectStoreTests : IDisposable
{
    private readonly Metadata _metadata = new();

    private ProjectId Id => _metadata.Project.Id;

    private ProjectRow Stored => _metadata.Read(session => ProjectStore.Find(session, Id))!;

    [Fact]
    public void A_project_reads_back_as_it_was_written() =>
        Assert.Equivalent(_metadata.Project, Stored, strict: true);

    [Fact]
    public void The_state_moves_only_from_an_expected_one()
    {
        Assert.False(_metadata.Write(tx => ProjectStore.SetState(
            tx, Id, [ProjectStates.Failed], ProjectStates.Deleting, null, TestClock.Now)));
        Assert.Equal(ProjectStates.Ready, Stored.State);

        Assert.True(_metadata.Write(tx => ProjectStore.SetState(
            tx, Id, [ProjectStates.Failed, ProjectStates.Ready], ProjectStates.Restoring, "why", TestClock.Now)));
        Assert.Equal((ProjectStates.Restoring, "why"), (Stored.State, Stored.LastError));
    }

    [Fact]
    public void A_slug_is_taken_until_its_project_is_deleted()
    {
        var organization = _metadata.Organization.Id;
        Assert.True(_metadata.Read(session => ProjectStore.SlugTaken(session, organization, "shop")));
        Assert.True(Assert.Throws<ConstraintViolationException>(
            () => _metadata.Write(tx => ProjectStore.Insert(tx, _metadata.NewProject("shop")))).IsUniqueness);

        Assert.True(_metadata.Write(tx => ProjectStore.MarkDeleted(tx, Id, TestClock.Now)));

        Assert.False(_metadata.Read(session => ProjectStore.SlugTaken(session, organization, "shop")));
        _metadata.Write(tx => ProjectStore.Insert(tx, _metadata.NewProject("shop")));
        Assert.NotEqual(Id, Assert.Single(_metadata.Read(s => ProjectStore.ListLive(s, organization))).Id);
    }

    [Fact]
    public void A_deleted_project_forgets_its_passwords_and_stays_findable()
    {
        _metadata.Write(tx => ProjectStore.SetPendingPassword(tx, Id, [9]));
        _metadata.Write(tx => ProjectStore.MarkDeleted(tx, Id, TestClock.Now));

        Assert.Empty(Stored.PasswordSealed);
        Assert.Null(Stored.PendingPasswordSealed);
        Assert.Equal(TestClock.Now, Stored.DeletedAt);
        Assert.Null(_metadata.Read(session => ProjectStore.FindLive(session, Id)));
        Assert.False(_metadata.Write(tx => ProjectStore.MarkDeleted(tx, Id, TestClock.Now)));
        Assert.False(_metadata.Write(tx => ProjectStore.SetPassword(tx, Id, [1], TestClock.Now)));
    }

    [Fact]
    public void Setting_the_password_ends_a_rotation()
    {
        _metadata.Write(tx => ProjectStore.SetPendingPassword(tx, Id, [9]));
        _metadata.Write(tx => ProjectStore.SetPassword(tx, Id, [9], TestClock.Now));

        Assert.Equal([9], Stored.PasswordSealed);
        Assert.Null(Stored.PendingPasswordSealed);
    }

    [Fact]
    public void Settings_and_version_are_kept()
    {
        _metadata.Write(tx => ProjectStore.UpdateSettings(tx, Id, "non_production", false, true, TestClock.Now));
        _metadata.Write(tx => ProjectStore.SetPostgresVersion(tx, Id, "15", TestClock.Now));

        Assert.Equal(
            ("non_production", false, true, "15"),
            (Stored.Environment, Stored.AlwaysOn, Stored.AlwaysOnExplicit, Stored.PostgresVersion));
    }

    public void Dispose() => _metadata.Dispose();
}
