namespace Capyd.SystemTests.BaseBackups;

/// <summary>A disk that is full, a tablespace, unlogged tables.</summary>
public sealed class OddServerTests : IAsyncLifetime
{
    private AttachedServer? _server;

    public async Task InitializeAsync() => _server = Machine.Skips ? null : await AttachedServer.CreateFollowedAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [SystemFact]
    public async Task A_full_repository_fails_it_by_its_cause_and_leaves_nothing_that_counts()
    {
        await using var disk = await SmallDisk.CreateAsync("96m");
        await using var daemon = CapydDaemon.Attached(
            Machine.NewDirectory(), _server!, ("CAPYD_REPOSITORY_DIRECTORY", Path.Combine(disk.Directory, "repository")),
            ("CAPYD_PITR_ENABLED", "auto"), ("CAPYD_PITR_BASE_BACKUP_SCHEDULE", "off"));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        await api.FirstBaseBackupAsync();
        await _server!.Superuser.ExecuteAsync("postgres", "CREATE UNLOGGED TABLE ballast AS SELECT n, string_agg(md5(n::text || m), '') AS noise FROM generate_series(1, 4000) n, generate_series(1, 100) m GROUP BY n");
        await _server.Superuser.ExecuteAsync("postgres", "CREATE TABLE bulk AS SELECT * FROM ballast");
        await disk.FillAsync();

        var accepted = (await api.AskBaseBackupAsync()).Expect(202);
        var job = await api.EndOfJobAsync(accepted.JobId);
        Assert.Equal("failed", job.Text("state"));
        Assert.Contains("space", job.Text("error"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("failed", (await api.BaseBackupAsync(accepted["base_backup"].Text("id"))).Text("state"));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(disk.Directory, "repository", "base", "manifests")));

        disk.Free();
        await _server.Superuser.ExecuteAsync("postgres", "DROP TABLE bulk, ballast");
        await api.NewBaseBackupAsync();
    }

    [SystemFact]
    public async Task A_tablespace_is_in_it_and_an_unlogged_table_is_not()
    {
        var place = Machine.NewDirectory();
        (await Command.RunAsync("chown", "postgres:", place)).Good();
        await using var daemon = CapydDaemon.Attached(Machine.NewDirectory(), _server!, ("CAPYD_PITR_ENABLED", "auto"), ("CAPYD_PITR_BASE_BACKUP_SCHEDULE", "off"));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        var before = await api.FirstBaseBackupAsync();
        await _server!.Superuser.ExecuteAsync("postgres", $"CREATE TABLESPACE elsewhere LOCATION '{place}'");
        await _server.Superuser.ExecuteAsync("postgres", "CREATE TABLE far TABLESPACE elsewhere AS SELECT n FROM generate_series(1, 100000) n");
        await _server.Superuser.ExecuteAsync("postgres", "CREATE UNLOGGED TABLE scratch AS SELECT n FROM generate_series(1, 1000000) n");
        var after = await api.NewBaseBackupAsync();

        var grown = after["logical_bytes"]!.GetValue<long>() - before["logical_bytes"]!.GetValue<long>();
        Assert.InRange(grown, 3 << 20, 16 << 20);
        Assert.Equal("completed", (await api.VerifyBaseBackupAsync(after.Text("id"))).Text("state"));
    }
}
