namespace Capyd.SystemTests.Recovery;

/// <summary>Disks of the physical layer run full: nothing is lost that was promised, and it goes on when there is room.</summary>
public sealed class FullDiskRecoveryTests
{
    [SystemFact]
    public async Task A_full_spool_is_told_and_made_good_when_there_is_room()
    {
        await using var disk = await SmallDisk.CreateAsync("64m");
        await using var followed = await FollowedServer.StartAsync(("CAPYD_PITR_SPOOL_DIRECTORY", Path.Combine(disk.Directory, "spool")));
        await GoesOnAsync(followed, disk);
    }

    [SystemFact]
    public async Task A_full_repository_is_told_and_made_good_when_there_is_room()
    {
        await using var disk = await SmallDisk.CreateAsync("64m");
        await using var followed = await FollowedServer.StartAsync(("CAPYD_REPOSITORY_DIRECTORY", Path.Combine(disk.Directory, "repository")));
        await GoesOnAsync(followed, disk);
    }

    [SystemFact]
    public async Task A_full_repository_fails_a_base_backup_by_its_cause_and_the_next_one_is_whole()
    {
        await using var disk = await SmallDisk.CreateAsync("64m");
        await using var followed = await FollowedServer.StartAsync(("CAPYD_REPOSITORY_DIRECTORY", Path.Combine(disk.Directory, "repository")));
        var (project, url) = await followed.NewProjectAsync("Large");
        await Tenant.ExecuteAsync(url, "CREATE TABLE bulk AS SELECT n, string_agg(md5(n::text || m), '') AS noise FROM generate_series(1, 4000) n, generate_series(1, 100) m GROUP BY n");
        await disk.FillAsync();
        var job = await followed.Api.EndOfJobAsync((await followed.Api.PostAsync("/v1/base-backups")).Expect(202).JobId, 180);
        Assert.Equal("failed", job.Text("state"));
        Assert.Contains("space", job.Text("error"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("transient", job.Text("retry_classification"));

        disk.Free();
        await followed.NewBaseBackupAsync();
        var content = await Tenant.OneAsync(url, "SELECT md5(string_agg(noise, '' ORDER BY n)) FROM bulk");
        var at = await followed.NowAsync();
        await Tenant.ExecuteAsync(url, "DROP TABLE bulk");
        Assert.Equal(content, await Tenant.OneAsync(await followed.RecoverAsync(project, at), "SELECT md5(string_agg(noise, '' ORDER BY n)) FROM bulk"));
    }

    [SystemFact]
    public async Task A_sandbox_that_does_not_fit_is_refused_by_its_cause_and_leaves_nothing()
    {
        await using var disk = await SmallDisk.CreateAsync("24m");
        await using var followed = await FollowedServer.StartAsync(("CAPYD_PITR_SANDBOX_DIRECTORY", Path.Combine(disk.Directory, "sandboxes")));
        var (project, url) = await followed.NewProjectAsync("Cramped");
        await ProjectCalls.FillAsync(url);
        var (at, content) = (await followed.NowAsync(), await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "DELETE FROM orders");

        var reply = await followed.AskAsync(project, at, "too-large");
        var words = reply.Status == 202 ? (await followed.Api.EndOfJobAsync(reply.JobId, 180)).Text("error") : reply.Error;
        Assert.Matches(@"needs about \d+ MiB in .*, and \d+ MiB are free", words);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(disk.Directory, "sandboxes")));
        Assert.Empty(await followed.Server.Superuser.ListAsync("postgres", @"SELECT datname FROM pg_database WHERE datname LIKE 'capyd\_build\_%'"));

        (await Command.RunAsync("mount", "-o", "remount,size=900m", disk.Directory)).Good();
        Assert.Equal(content, await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, at, "fits")));
    }

    /// <summary>The disk is full for three segments; the server goes on, /status says so, and every moment of it comes back.</summary>
    private static async Task GoesOnAsync(FollowedServer followed, SmallDisk disk)
    {
        var (project, url) = await followed.NewProjectAsync("Going on");
        await using var ticks = await TickWriter.StartAsync(url);
        await disk.FillAsync();
        for (var segment = 0; segment < 3; segment++)
        {
            await ticks.ConfirmAsync(20);
            await Tenant.ExecuteAsync(url, $"CREATE TABLE noise_{segment} AS SELECT sha512(n::text::bytea) FROM generate_series(1, 100000) n");
            await followed.Server.Superuser.ExecuteAsync("postgres", "SELECT pg_switch_wal()");
        }

        await Until.TrueAsync("/status tells it", async () => await followed.ArchiveStatusAsync() != "operational");
        Assert.Equal("degraded", (await followed.Api.GetAsync("/status")).Json.Text("status"));
        var at = await followed.NowAsync();
        await ticks.ConfirmAsync(20);
        disk.Free();
        await Until.TrueAsync("/status is well again", async () => await followed.ArchiveStatusAsync() == "operational");
        await ticks.StopAsync();
        await ticks.AssertStateAtAsync(await followed.RecoverAsync(project, at), at);
        Assert.Empty(await followed.RowsAsync("SELECT id FROM wal_gaps"));
    }
}
