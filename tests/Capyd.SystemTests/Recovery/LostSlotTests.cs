using System.Globalization;

namespace Capyd.SystemTests.Recovery;

/// <summary>WAL that nobody kept: the gap is told, healed by a base backup, and never recovered across.</summary>
public sealed class LostSlotTests
{
    [SystemFact]
    public async Task A_slot_that_was_dropped_behind_capyds_back_costs_only_what_the_server_threw_away()
    {
        await using var followed = await FollowedServer.StartAsync();
        var (project, url) = await followed.NewProjectAsync("Gapped");
        await ProjectCalls.FillAsync(url);
        var before = (At: await followed.NowAsync(), Content: await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "INSERT INTO notes (id) VALUES (1000)");
        await followed.ArchiveAsync();
        await Tenant.ExecuteAsync(url, "INSERT INTO notes (id) VALUES (1001)");
        var tail = (At: await followed.NowAsync(), Content: await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "INSERT INTO notes (id) VALUES (1002)");
        await Until.TrueAsync("the last commit is kept", async () =>
            DateTimeOffset.Parse((await followed.WindowAsync(project)).Text("latest"), CultureInfo.InvariantCulture) > tail.At);
        Assert.Equal(0, await followed.Daemon.TerminateAsync());
        await LoseWalAsync(followed, url);
        var within = await followed.NowAsync();
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('lost moment', 1)");

        await followed.Daemon.StartAsync();
        await Until.TrueAsync("the gap is healed", async () => (await followed.RowsAsync("SELECT id FROM wal_gaps WHERE healed_at IS NOT NULL")).Count == 1);
        Assert.Single(await followed.BaseBackupsAsync(), backup => backup.Text("trigger") == "gap" && backup.Text("state") == "completed");
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('afterwards', 1)");
        var after = (At: await followed.NowAsync(), Content: await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "DELETE FROM orders");

        Assert.Single((await followed.WindowAsync(project)).Objects("gaps"));
        var refusal = (await followed.AskAsync(project, within)).Expect(400).Error;
        Assert.Equal(2, NearestMoments(refusal).Count);
        Assert.All(NearestMoments(refusal), at => Assert.InRange(at, before.At.AddMinutes(-5), after.At));
        Assert.True(NearestMoments(refusal)[0] <= within && within <= NearestMoments(refusal)[1], refusal);
        Assert.Equal(after.Content, await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, after.At, "after")));
        Assert.Equal(tail.Content, await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, tail.At, "tail")));
        Assert.Equal(before.Content, await ProjectCalls.ContentAsync(await followed.RecoverAsync(project, before.At, "before")));
    }

    [SystemFact]
    public async Task A_dropped_slot_whose_WAL_is_still_there_is_made_again_without_a_gap()
    {
        await using var followed = await FollowedServer.StartAsync();
        var (project, url) = await followed.NewProjectAsync("Lucky");
        await using var ticks = await TickWriter.StartAsync(url);
        Assert.Equal(0, await followed.Daemon.TerminateAsync());
        await DropSlotAsync(followed);
        await ticks.ConfirmAsync(100);
        var at = await followed.NowAsync();
        await ticks.ConfirmAsync(20);
        await followed.Daemon.StartAsync();
        await ticks.StopAsync();

        await ticks.AssertStateAtAsync(await followed.RecoverAsync(project, at), at);
        Assert.Empty(await followed.RowsAsync("SELECT id FROM wal_gaps"));
    }

    /// <summary>Drops the slot, and writes until the server has removed the segment that comes next.</summary>
    private static async Task LoseWalAsync(FollowedServer followed, string url)
    {
        var superuser = followed.Server.Superuser;
        await DropSlotAsync(followed);
        foreach (var setting in (string[])["min_wal_size = '32MB'", "max_wal_size = '32MB'"])
        {
            await superuser.ExecuteAsync("postgres", $"ALTER SYSTEM SET {setting}");
        }

        await superuser.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
        var next = await superuser.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())");
        await Until.TrueAsync($"{next} is gone", async () =>
        {
            await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('lost', 1)");
            await superuser.ExecuteAsync("postgres", "SELECT pg_switch_wal()");
            await superuser.ExecuteAsync("postgres", "CHECKPOINT");
            return (await superuser.ListAsync("postgres", $"SELECT name FROM pg_ls_waldir() WHERE name = '{next}'")).Count == 0;
        });
    }

    private static Task DropSlotAsync(FollowedServer followed) => Until.TrueAsync("the slot is dropped", async () =>
        (await followed.Server.Superuser.ListAsync("postgres", "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'capyd' AND NOT active")).Count == 1);

    /// <summary>The moments that the refusal names after the refused one.</summary>
    private static List<DateTimeOffset> NearestMoments(string refusal) => refusal[refusal.IndexOf("nearest", StringComparison.Ordinal)..].Split(' ', ',', ';')
        .Where(word => word.EndsWith('Z') && word.Length > 18).Select(word => DateTimeOffset.Parse(word, CultureInfo.InvariantCulture)).ToList();
}
