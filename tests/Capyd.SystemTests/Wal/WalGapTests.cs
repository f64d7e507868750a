namespace Capyd.SystemTests.Wal;

/// <summary>What cannot be kept is never passed over in silence.</summary>
public sealed class WalGapTests
{
    [SystemFact]
    public async Task A_slot_dropped_behind_capyds_back_is_made_again()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.FirstBaseBackupAsync(); // its checkpoint would remove what no slot holds, and that would be a gap
        await ground.Superuser.ExecuteAsync("postgres", "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots");
        await Until.TrueAsync("the slot is dropped", () => DropAsync(ground));
        await ground.StreamsAsync();

        await ground.KeepsAsync(await ground.SwitchAsync());
        Assert.Single(await ground.RangesAsync());
        Assert.Empty(await ground.GapsAsync());
        Assert.Contains("somebody dropped the replication slot", ground.Daemon.Log, StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task What_the_server_removed_meanwhile_is_a_gap_and_an_alert()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.FirstBaseBackupAsync(); // one that begins after the gap would heal it before it is seen
        using var api = await ground.Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Gappy");
        await ground.KeepsAsync(await ground.SwitchAsync());
        await ground.Daemon.TerminateAsync();
        await ground.Superuser.ExecuteAsync("postgres", "SELECT pg_drop_replication_slot('capyd')");
        await ground.WriteAsync(60);
        await ground.SwitchAsync();
        await ground.Superuser.ExecuteAsync("postgres", "CHECKPOINT");
        await ground.Daemon.StartAsync();

        await Until.TrueAsync("the gap is known and ended", async () => await ground.GapsAsync() is [var gap] && gap.Split(' ')[2].Length > 0);
        await Until.TrueAsync("it is streamed again", async () => await ground.StatusAsync() is "operational" or "degraded" && (await ground.MessageAsync()).Contains("gap", StringComparison.Ordinal));
        await ground.KeepsAsync(await ground.SwitchAsync());
        Assert.Equal(2, (await ground.RangesAsync()).Count);
        await Until.TrueAsync("there is an alert", async () =>
            (await api.GetAsync($"/v1/projects/{project}/alerts")).Json.Objects("alerts").Any(alert => alert.Text("kind") == "recovery_gap" && alert.Text("severity") == "critical"));
    }

    [SystemFact]
    public async Task A_slot_that_the_server_gave_up_is_a_gap()
    {
        await using var ground = await WalGround.CreateAsync(await AttachedServer.CreateFollowedAsync("max_slot_wal_keep_size = 16MB", "min_wal_size = 32MB", "max_wal_size = 64MB"));
        await ground.Daemon.TerminateAsync();
        await ground.WriteAsync(120);
        await ground.Superuser.ExecuteAsync("postgres", "CHECKPOINT");
        await Until.TrueAsync("the slot is lost", async () => await ground.Superuser.OneAsync("postgres", "SELECT wal_status FROM pg_replication_slots") == "lost");
        await ground.Daemon.StartAsync();

        await Until.TrueAsync("the gap is known and ended", async () => await ground.GapsAsync() is [var gap] && gap.Contains("max_slot_wal_keep_size", StringComparison.Ordinal) && gap.Split(' ')[2].Length > 0);
        await ground.KeepsAsync(await ground.SwitchAsync());
    }

    [SystemFact]
    public async Task Other_bytes_under_the_same_name_are_never_overwritten()
    {
        await using var ground = await WalGround.CreateAsync();
        await ground.KeepsAsync(await ground.SwitchAsync());
        await ground.FirstBaseBackupAsync();
        await ground.KeepsAsync(await ground.SwitchAsync());
        var kept = Directory.GetFiles(ground.KeptWal, "*.zst", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
        var number = Convert.ToInt32(Path.GetFileNameWithoutExtension(kept)[16..], 16);
        var next = Path.Combine(Path.GetDirectoryName(kept)!, $"{Path.GetFileNameWithoutExtension(kept)[..16]}{number + 1:X8}.zst");
        File.Copy(kept, next);
        var end = await ground.SwitchAsync();
        await Until.TrueAsync("the status says so", async () => (await ground.MessageAsync()).Contains("already holds other bytes", StringComparison.Ordinal));
        Assert.Equal(await File.ReadAllBytesAsync(kept), await File.ReadAllBytesAsync(next));

        File.Delete(next);
        await ground.KeepsAsync(end);
        await ground.StreamsAsync();
        Assert.Empty(await ground.GapsAsync());
    }

    [SystemFact]
    public async Task A_repository_without_room_keeps_WAL_in_the_spool_until_there_is_some()
    {
        await using var disk = await SmallDisk.CreateAsync("16m");
        await using var ground = await WalGround.CreateAsync(("CAPYD_REPOSITORY_DIRECTORY", Path.Combine(disk.Directory, "repository")));
        await disk.FillAsync();
        await ground.WriteAsync(40);
        var end = await ground.SwitchAsync();
        await Until.TrueAsync("the status says so", async () => (await ground.MessageAsync()).Contains("space", StringComparison.OrdinalIgnoreCase));
        disk.Free();

        await ground.KeepsAsync(end);
        await ground.StreamsAsync();
        Assert.Single(await ground.RangesAsync());
    }

    [SystemFact]
    public async Task A_spool_without_room_leaves_WAL_on_the_server_until_there_is_some()
    {
        await using var disk = await SmallDisk.CreateAsync("60m");
        await using var ground = await WalGround.CreateAsync(("CAPYD_PITR_SPOOL_DIRECTORY", disk.Directory));
        await disk.FillAsync();
        await ground.WriteAsync(60);
        var end = await ground.SwitchAsync();
        await Until.TrueAsync("the status says so", async () => (await ground.MessageAsync()).Contains("No space left", StringComparison.Ordinal));
        disk.Free();

        await ground.KeepsAsync(end, 120);
        Assert.Single(await ground.RangesAsync());
        Assert.Empty(await ground.GapsAsync());
    }

    private static async Task<bool> DropAsync(WalGround ground)
    {
        try
        {
            await ground.Superuser.ExecuteAsync("postgres", "SELECT pg_drop_replication_slot('capyd')");
            return true;
        }
        catch (Npgsql.PostgresException)
        {
            await ground.Superuser.ExecuteAsync("postgres", "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots WHERE active_pid IS NOT NULL");
            return false;
        }
    }
}
