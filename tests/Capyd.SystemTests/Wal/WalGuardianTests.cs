namespace Capyd.SystemTests.Wal;

/// <summary>Production comes before recovery: the server's disk is never filled up by what capyd does not fetch.</summary>
public sealed class WalGuardianTests
{
    [SystemFact]
    public async Task Before_the_servers_disk_is_full_the_slot_is_given_up_and_later_followed_anew()
    {
        await using var serverDisk = await SmallDisk.CreateAsync("700m");
        await using var spool = await SmallDisk.CreateAsync("120m");
        (await Command.RunAsync("chown", "postgres", serverDisk.Directory)).Good();
        await using var ground = await WalGround.CreateAsync(
            await AttachedServer.CreateAsync(serverDisk.Directory, "fsync = on", "min_wal_size = 32MB", "max_wal_size = 64MB"),
            ("CAPYD_PITR_SPOOL_DIRECTORY", spool.Directory), ("CAPYD_PITR_MIN_FREE", "150MiB"));
        using var api = await ground.Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Crowded");
        await ground.KeepsAsync(await ground.SwitchAsync());
        await spool.FillAsync();

        // Each round writes and throws away the same table: only WAL stays.
        for (var round = 0; round < 30 && (await ground.GapsAsync()).Count == 0; round++)
        {
            await ground.WriteAsync(20);
            await ground.Superuser.ExecuteAsync("postgres", "DROP TABLE bulk");
        }

        await Until.TrueAsync("the slot is given up", async () => await ground.GapsAsync() is [var gap] && gap.Contains("given up", StringComparison.Ordinal), 20);
        await Until.TrueAsync("the slot is gone", async () => (await ground.Superuser.ListAsync("postgres", "SELECT slot_name FROM pg_replication_slots")).Count == 0);
        Assert.Equal("down", await ground.StatusAsync());
        await Until.TrueAsync("there is an alert", async () =>
            (await api.GetAsync($"/v1/projects/{project}/alerts")).Json.Objects("alerts").Any(alert => alert.Text("kind") == "wal_disk"));
        await ground.WriteAsync(20);

        spool.Free();
        await Until.TrueAsync("the gap has an end", async () => await ground.GapsAsync() is [var gap] && gap.Split(' ')[2].Length > 0, 90);
        await ground.KeepsAsync(await ground.SwitchAsync());
        Assert.Contains("there is room again", ground.Daemon.Log, StringComparison.Ordinal);
    }
}
