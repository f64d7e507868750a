namespace Capyd.SystemTests.Wal;

/// <summary>What the server writes is kept, whatever dies meanwhile.</summary>
public sealed class WalStreamTests
{
    [SystemFact]
    public async Task What_is_committed_is_kept_indexed_and_shown()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.FirstBaseBackupAsync();
        using var api = await ground.Daemon.ClientAsync();
        Assert.True((await api.GetAsync("/v1/clusters")).Json["clusters"]![0]!["supports_point_in_time_recovery"]!.GetValue<bool>());
        await ground.Superuser.ExecuteAsync("postgres", "SELECT pg_create_restore_point('before the change')");
        await ground.KeepsAsync(await ground.SwitchAsync());

        Assert.Single(await ground.RangesAsync());
        Assert.Empty(await ground.GapsAsync());
        Assert.Contains(await ground.Daemon.Metadata.ListAsync("SELECT restore_points FROM wal_segments"), points => points.EndsWith(" before the change", StringComparison.Ordinal));
        Assert.NotEqual("0", await ground.Daemon.Metadata.OneAsync("SELECT sum(commits) FROM wal_segments"));
        Assert.Single(Directory.EnumerateFiles(ground.Spool, "????????????????????????", SearchOption.AllDirectories));
        Assert.Single(await ground.Superuser.ListAsync("postgres", "SELECT slot_name FROM pg_replication_slots"));
    }

    [SystemFact]
    public async Task A_kill_of_the_daemon_or_its_receiver_under_load_loses_nothing()
    {
        await using var ground = await WalGround.CreateAsync();
        for (var round = 0; round < 3; round++)
        {
            var writing = ground.WriteAsync(40);
            if (round == 1)
            {
                await ground.Daemon.KillAsync();
                await ground.Daemon.StartAsync();
            }
            else
            {
                using var receiver = ground.Receiver();
                receiver.Kill();
            }

            await writing;
            await ground.StreamsAsync();
        }

        await ground.KeepsAsync(await ground.SwitchAsync());
        Assert.Single(await ground.RangesAsync());
        Assert.Empty(await ground.GapsAsync());
    }

    [SystemFact]
    public async Task A_server_that_crashes_and_comes_back_is_followed_without_a_gap()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.WriteAsync(20);
        await ground.Server.StopAtOnceAsync();
        await Until.TrueAsync("the status shows it", async () => await ground.StatusAsync() == "degraded");
        await ground.Server.StartAsync();
        await ground.StreamsAsync();

        await ground.KeepsAsync(await ground.SwitchAsync());
        Assert.Single(await ground.RangesAsync());
        Assert.Empty(await ground.GapsAsync());
    }

    [SystemFact]
    public async Task A_new_timeline_is_followed_across_the_switch()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.WriteAsync(5);
        await ground.Server.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(ground.Server.Data, "recovery.signal"), "");
        await File.AppendAllTextAsync(Path.Combine(ground.Server.Data, "postgresql.conf"), "restore_command = 'false'\n");
        await ground.Server.StartAsync();
        await ground.StreamsAsync();
        await ground.WriteAsync(20);

        await ground.KeepsAsync(await ground.SwitchAsync());
        Assert.Equal(["1", "2"], (await ground.RangesAsync()).Select(range => range.Split(':')[0]));
        Assert.Empty(await ground.GapsAsync());
        Assert.Single(Directory.EnumerateFiles(ground.KeptWal, "00000002.history", SearchOption.AllDirectories));
        Assert.Single(Directory.EnumerateFiles(ground.KeptWal, "*.partial.zst", SearchOption.AllDirectories));
    }

    [SystemFact]
    public async Task Another_cluster_at_the_same_address_is_kept_apart()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.KeepsAsync(await ground.SwitchAsync());
        await ground.Server.ReplaceAsync();
        await Until.TrueAsync("two servers are known", async () => await ground.Daemon.Metadata.OneAsync("SELECT count(*) FROM wal_archives") == "2");
        await ground.StreamsAsync();

        await ground.KeepsAsync(await ground.SwitchAsync());
        Assert.Empty(await ground.GapsAsync());
        Assert.Equal(2, Directory.GetDirectories(ground.KeptWal).Length);
        Assert.Single(Directory.GetDirectories(ground.Spool));
    }

    [SystemFact]
    public async Task Switched_off_it_gives_the_slot_back()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.KeepsAsync(await ground.SwitchAsync());
        await ground.Daemon.TerminateAsync();
        await using var off = CapydDaemon.Attached(Machine.NewDirectory(), ground.Server);
        await off.StartAsync();

        await Until.TrueAsync("the slot is gone", async () => (await ground.Superuser.ListAsync("postgres", "SELECT slot_name FROM pg_replication_slots")).Count == 0);
        using var api = new ApiClient(off.Address, null);
        Assert.DoesNotContain((await api.GetAsync("/status")).Json.Objects("components"), component => component.Text("name") == "WAL archive");
    }

    [SystemTheory]
    [InlineData("auto", "off", "operational")]
    [InlineData("true", "down", "degraded")]
    public async Task A_server_that_cannot_be_followed_gets_no_slot_and_the_status_says_why(string enabled, string word, string overall)
    {
        await using var server = await AttachedServer.CreateFollowedAsync("wal_level = minimal", "max_wal_senders = 0");
        await using var daemon = CapydDaemon.Attached(Machine.NewDirectory(), server, ("CAPYD_PITR_ENABLED", enabled));
        await daemon.StartAsync();
        using var api = new ApiClient(daemon.Address, null);
        var component = await Until.FoundAsync("the status says it", async () =>
            (await api.GetAsync("/status")).Json.Objects("components").SingleOrDefault(c => c.Text("name") == "WAL archive" && c.Text("status") == word));

        Assert.Contains("wal_level = 'replica'", component.Text("message"), StringComparison.Ordinal);
        Assert.Equal(overall, (await api.GetAsync("/status")).Json["status"]!.GetValue<string>());
        Assert.Empty(await server.Superuser.ListAsync("postgres", "SELECT slot_name FROM pg_replication_slots"));
    }
}
