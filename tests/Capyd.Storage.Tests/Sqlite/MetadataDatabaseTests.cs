using Capyd.Storage.Organizations;
using Capyd.Storage.Settings;
using Capyd.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Capyd.Storage.Tests.Sqlite;

public sealed class MetadataDatabaseTests : IDisposable
{
    private readonly Metadata _metadata = new();

    [Fact]
    public void The_file_is_for_its_owner_only() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_metadata.Path));

    [Fact]
    public void A_failed_transaction_leaves_nothing()
    {
        Assert.Throws<TimeoutException>(() => _metadata.Write(transaction =>
        {
            SettingStore.Set(transaction, "cluster_id", "x");
            throw new TimeoutException();
        }));

        Assert.Null(_metadata.Read(session => SettingStore.Get(session, "cluster_id")));
    }

    [Fact]
    public void Each_commit_is_counted_and_a_rollback_is_not()
    {
        var before = _metadata.Database.CommitCount;

        _metadata.Write(transaction => SettingStore.Set(transaction, "a", "1"));
        Assert.ThrowsAny<Exception>(() => _metadata.Write(_ => throw new TimeoutException()));

        Assert.Equal(before + 1, _metadata.Database.CommitCount);
    }

    [Fact]
    public async Task A_commit_of_another_instance_changes_the_data_version()
    {
        using var other = MetadataDatabase.Open(_metadata.Path, TimeProvider.System);
        var before = _metadata.Database.DataVersion();
        Assert.Equal(before, _metadata.Database.DataVersion());

        await other.WriteAsync(transaction => SettingStore.Set(transaction, "a", "1"), default);

        Assert.NotEqual(before, _metadata.Database.DataVersion());
    }

    [Fact]
    public void A_read_sees_one_moment() => Assert.Equal((null, null), _metadata.Read(session =>
    {
        var first = SettingStore.Get(session, "a");
        _metadata.Write(transaction => SettingStore.Set(transaction, "a", "1"));
        return (first, SettingStore.Get(session, "a"));
    }));

    [Fact]
    public async Task Writers_take_turns()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _metadata.Database.WriteAsync(
            transaction =>
            {
                var count = int.Parse(SettingStore.Get(transaction, "n") ?? "0", null);
                SettingStore.Set(transaction, "n", (count + 1).ToString((IFormatProvider?)null));
            },
            CancellationToken.None))));

        Assert.Equal("20", _metadata.Read(session => SettingStore.Get(session, "n")));
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        var path = _metadata["newer.db"];
        _metadata.Database.BackupTo(path);
        Run(path, "PRAGMA user_version = 9000");

        var refusal = Assert.Throws<SchemaTooNewException>(() => MetadataDatabase.Open(path, TimeProvider.System));

        Assert.Equal(9000, refusal.Found);
        Assert.Contains("Install the newer capyd", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_with_advice()
    {
        var path = _metadata["garbage.db"];
        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)'x', 8192)]);

        var refusal = Assert.Throws<MetadataCorruptException>(() => MetadataDatabase.Open(path, TimeProvider.System));

        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_with_a_damaged_page_is_refused()
    {
        var path = _metadata["damaged.db"];
        _metadata.Database.BackupTo(path);
        using (var file = File.OpenWrite(path))
        {
            file.Position = 4096;
            file.Write([.. Enumerable.Repeat((byte)0xA5, 3 * 4096)]);
        }

        Assert.Throws<MetadataCorruptException>(() => MetadataDatabase.Open(path, TimeProvider.System));
    }

    [Fact]
    public void A_copy_is_a_single_private_file_that_opens()
    {
        var path = _metadata["copy.db"];

        _metadata.Database.BackupTo(path);
        _metadata.Database.BackupTo(path);

        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!, "copy*"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using var copy = MetadataDatabase.Open(path, TimeProvider.System);
        Assert.Equal(_metadata.Organization, copy.Read(OrganizationStore.First));
    }

    [Fact]
    public void A_row_that_breaks_a_promise_of_the_schema_is_refused()
    {
        var project = _metadata.NewProject("bad") with { State = "sleeping" };

        var refusal = Assert.Throws<ConstraintViolationException>(() =>
            _metadata.Write(transaction => Storage.Projects.ProjectStore.Insert(transaction, project)));

        Assert.False(refusal.IsUniqueness);
    }

    [Fact]
    public void A_reference_to_nothing_is_refused_at_the_commit()
    {
        var project = _metadata.NewProject("bad") with { LatestJobId = JobId.New() };

        Assert.Throws<ConstraintViolationException>(() =>
            _metadata.Write(transaction => Storage.Projects.ProjectStore.Insert(transaction, project)));
        Assert.Null(_metadata.Read(session => Storage.Projects.ProjectStore.Find(session, project.Id)));
    }

    public void Dispose() => _metadata.Dispose();

    private static void Run(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
