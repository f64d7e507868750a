using System.Globalization;

namespace Capyd.SystemTests.BaseBackups;

/// <summary>Traps 72–75: what the recovery window keeps, what it lets go, and what it says before.</summary>
public sealed class RetentionTests() : DaemonGround(("CAPYD_PITR_ENABLED", "auto"), ("CAPYD_PITR_BASE_BACKUP_SCHEDULE", "off"))
{
    private const string Preview = "/v1/retention/preview";

    protected override async Task PrepareAsync() => await Api.FirstBaseBackupAsync();

    [SystemFact]
    public async Task The_window_keeps_what_it_needs_and_tells_before_what_goes()
    {
        var project = await Api.NewProjectAsync("Pinned");
        await Superuser.ExecuteAsync("postgres", "CREATE TABLE gone AS SELECT n, md5(n::text) AS noise FROM generate_series(1, 100000) n");
        var old = await Api.NewBaseBackupAsync("old");
        await Superuser.ExecuteAsync("postgres", "DROP TABLE gone");
        var pinned = await Api.NewBaseBackupAsync("pinned");
        var point = (await Api.PostAsync($"/v1/projects/{project}/restore-points", new JsonObject { ["label"] = "keep me", ["kind"] = "pitr" })).Expect(201)["restore_point"].Text("id");
        await SwitchAsync();
        await SwitchAsync();
        var anchor = await Api.NewBaseBackupAsync("anchor");
        await Api.NewBaseBackupAsync("young");
        Assert.Equal("completed", (await Api.VerifyBaseBackupAsync(anchor.Text("id"))).Text("state"));
        await AgeAsync(Daemon, "label = 'old' OR trigger = 'first'", 30);
        await AgeAsync(Daemon, "label = 'pinned'", 20);
        await AgeAsync(Daemon, "label = 'anchor'", 8);
        await Daemon.Metadata.ExecuteAsync($"UPDATE restore_points SET created_at = created_at - 20 * 86400000, pitr_time = pitr_time - 20 * 86400000 WHERE id = '{point}'");
        var needed = await NamesBetweenAsync(pinned.Text("start_lsn"), pinned.Text("stop_lsn"));

        var preview = (await Api.GetAsync(Preview)).Expect(200).Json;
        Assert.Equal(["first", "old"], preview.Objects("base_backups").Select(row => row.Text("id")).Select(LabelOf).Order());
        Assert.True(preview["wal"]!.Number("segments") > 0);
        Assert.True(preview["wal"]!["stored_bytes"]!.GetValue<long>() > 0);
        var packs = Size();

        await RestartAsync();
        await Until.TrueAsync("the old ones are gone", async () => (await Api.BaseBackupsAsync()).Count == 3);
        await Until.TrueAsync("garbage is collected", async () => await Daemon.Metadata.OneAsync("SELECT value FROM settings WHERE key = 'base_backup_garbage'") != "due");
        Assert.True(Size() < packs, $"{Size()} of {packs} bytes");
        Assert.Equal(["young", "anchor", "pinned"], (await Api.BaseBackupsAsync()).Select(row => row.Text("label")));
        var left = await Daemon.Metadata.ListAsync("SELECT name FROM wal_segments WHERE is_partial = 0 ORDER BY name");
        Assert.Empty(needed.Except(left));
        Assert.DoesNotContain(left, name => string.CompareOrdinal(name, needed[0]) < 0);
        Assert.True(
            await BeginsAsync(left, anchor.Text("start_lsn")),
            $"WAL between the point and the window was kept: left {string.Join(' ', left)}, the window begins at {anchor.Text("start_lsn")}");
        Assert.Equal("completed", (await Api.VerifyBaseBackupAsync(pinned.Text("id"))).Text("state"));
        Assert.Empty((await Api.GetAsync(Preview)).Expect(200).Json.Objects("base_backups"));

        string LabelOf(string id) => id == old.Text("id") ? "old" : "first";
    }

    [SystemFact]
    public async Task What_the_last_good_drill_proved_stays_and_can_be_drilled_again()
    {
        var project = await Api.NewProjectAsync("Proven path");
        await ProjectCalls.FillAsync(await Api.UrlAsync(project));
        var proven = await Api.NewBaseBackupAsync("proven");
        await SwitchAsync();
        var at = DateTimeOffset.UtcNow;
        await SwitchAsync();
        var drilled = (await Api.PostAsync("/v1/drills", new JsonObject { ["project_id"] = project, ["time"] = at.ToString("O", CultureInfo.InvariantCulture) })).Expect(202);
        await Api.CompletedAsync(drilled.JobId);
        await SwitchAsync();
        await SwitchAsync();
        var anchor = await Api.NewBaseBackupAsync("behind");
        await Api.NewBaseBackupAsync("newest");
        Assert.Equal("completed", (await Api.VerifyBaseBackupAsync(anchor.Text("id"))).Text("state"));
        var drill = drilled["drill"].Text("id");
        await AgeAsync(Daemon, "label = 'proven'", 20);
        await AgeAsync(Daemon, "label = 'behind'", 8);
        await Daemon.Metadata.ExecuteAsync($"UPDATE drills SET restore_time = restore_time - 20 * 86400000 WHERE id = '{drill}'");

        var preview = (await Api.GetAsync(Preview)).Expect(200).Json;
        var pin = Assert.Single(preview.Objects("pinned"), one => one.Text("id") == proven.Text("id"));
        Assert.Equal($"the last good drill, {drill}", pin.Text("reason"));
        Assert.DoesNotContain(preview.Objects("base_backups"), row => row.Text("id") == proven.Text("id"));
        var needed = await NamesBetweenAsync(proven.Text("start_lsn"), (await Daemon.Metadata.OneAsync($"SELECT target_lsn FROM drills WHERE id = '{drill}'"))!);

        await RestartAsync();
        await Until.TrueAsync("retention ran", async () => !(await Api.GetAsync(Preview)).Json.Objects("base_backups").Any());
        Assert.Contains(await Api.BaseBackupsAsync(), row => row.Text("id") == proven.Text("id"));
        Assert.Empty(needed.Except(await Daemon.Metadata.ListAsync("SELECT name FROM wal_segments WHERE is_partial = 0")));
    }

    [SystemFact]
    public async Task The_last_base_backup_is_never_removed()
    {
        await AgeAsync(Daemon, "1 = 1", 400);
        Assert.Empty((await Api.GetAsync(Preview)).Expect(200).Json.Objects("base_backups"));
        var bound = await Daemon.ClientAsync(project: await Api.NewProjectAsync("Tenant"));
        (await bound.GetAsync(Preview)).Refused(403, "organization-wide");
    }

    /// <summary>Lets base backups be that much older.</summary>
    /// <param name="row">Which ones, in SQL.</param>
    public static Task AgeAsync(CapydDaemon daemon, string row, int days) => daemon.Metadata.ExecuteAsync(
        $"""
        UPDATE base_backups SET stop_at = stop_at - {days} * 86400000, completed_at = completed_at - {days} * 86400000, created_at = created_at - {days} * 86400000
        WHERE state = 'completed' AND stop_at > (SELECT max(updated_at) FROM wal_archives) - 86400000 AND ({row})
        """);

    private async Task RestartAsync()
    {
        await Daemon.TerminateAsync();
        await Daemon.StartAsync();
    }

    private Task SwitchAsync() => Superuser.ExecuteAsync("postgres", "SELECT pg_current_xact_id(); SELECT pg_switch_wal()");

    private long Size() => BaseBackupCalls.Packs(Daemon).Sum(pack => new FileInfo(pack).Length);

    private async Task<IReadOnlyList<string>> NamesBetweenAsync(string from, string to)
    {
        var ends = await Superuser.ListAsync("postgres", $"SELECT pg_walfile_name('{from}') UNION ALL SELECT pg_walfile_name('{to}')");
        return await Daemon.Metadata.ListAsync($"SELECT name FROM wal_segments WHERE is_partial = 0 AND name BETWEEN '{ends[0]}' AND '{ends[1]}' ORDER BY name");
    }

    /// <summary>Whether WAL from the window on is there, and what was written just before is not.</summary>
    private async Task<bool> BeginsAsync(IReadOnlyList<string> left, string window)
    {
        var names = await Superuser.ListAsync("postgres", $"SELECT pg_walfile_name('{window}') UNION ALL SELECT pg_walfile_name('{window}'::pg_lsn - 16777216)");
        return left.Contains(names[0]) && !left.Contains(names[1]);
    }
}
