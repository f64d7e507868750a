namespace Capyd.SystemTests.BaseBackups;

public sealed class BaseBackupTests() : DaemonGround(("CAPYD_PITR_ENABLED", "auto"), ("CAPYD_PITR_BASE_BACKUP_SCHEDULE", "off"))
{
    [SystemFact]
    public async Task The_second_backup_is_whole_to_restore_and_small_to_store()
    {
        await Api.FirstBaseBackupAsync(); // else it might take the ballast, and the next one add nothing
        await Superuser.ExecuteAsync("postgres", "CREATE TABLE ballast AS SELECT n, md5(n::text) AS noise FROM generate_series(1, 200000) n");
        var first = await Api.NewBaseBackupAsync("before");
        await Superuser.ExecuteAsync("postgres", "CREATE TABLE drop_in_the_bucket (n int)");
        var second = await Api.NewBaseBackupAsync();

        Assert.Equal("completed", first.Text("state"));
        Assert.Equal("before", first.Text("label"));
        Assert.Equal("manual", first.Text("trigger"));
        Assert.Equal("pending", first.Text("verification_state"));
        Assert.True(second["stop_at"]!.GetValue<DateTimeOffset>() > first["stop_at"]!.GetValue<DateTimeOffset>());
        Assert.True(second["logical_bytes"]!.GetValue<long>() > first["logical_bytes"]!.GetValue<long>());
        Assert.True(second["added_bytes"]!.GetValue<long>() < first["added_bytes"]!.GetValue<long>() / 5, second.ToJsonString());
        Assert.Equal([second.Text("id"), first.Text("id")], (await Api.BaseBackupsAsync()).Where(row => row.Text("trigger") == "manual").Select(row => row.Text("id")));
        foreach (var backup in new[] { first, second })
        {
            Assert.Equal("completed", (await Api.VerifyBaseBackupAsync(backup.Text("id"))).Text("state"));
            var verified = await Api.BaseBackupAsync(backup.Text("id"));
            Assert.Equal("verified", verified.Text("verification_state"));
            Assert.True(verified.ContainsKey("verified_at"));
        }
    }

    [SystemFact]
    public async Task A_flipped_bit_is_found_with_the_files_named_and_the_next_backup_mends_it()
    {
        var backup = await Api.NewBaseBackupAsync();
        var pack = BaseBackupCalls.Packs(Daemon).MaxBy(path => new FileInfo(path).Length)!;
        var bytes = await File.ReadAllBytesAsync(pack);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes);

        var job = await Api.VerifyBaseBackupAsync(backup.Text("id"));
        Assert.Equal("failed", job.Text("state"));
        Assert.Contains("cannot be read from the repository: ", job.Text("error"), StringComparison.Ordinal);
        var failed = await Api.BaseBackupAsync(backup.Text("id"));
        Assert.Equal("failed", failed.Text("verification_state"));
        Assert.Equal(job.Text("error"), failed.Text("verification_error"));

        await Api.NewBaseBackupAsync();
        Assert.Equal("completed", (await Api.VerifyBaseBackupAsync(backup.Text("id"))).Text("state"));
    }

    [SystemFact]
    public async Task Only_who_administers_the_server_speaks_of_them()
    {
        var project = await Api.NewProjectAsync("Tenant");
        using var bound = await Daemon.ClientAsync(project: project);
        (await bound.GetAsync("/v1/base-backups")).Refused(403, "organization-wide");
        (await bound.PostAsync("/v1/base-backups")).Refused(403, "organization-wide");
        using var reader = await Daemon.ClientAsync(scopes: "backups:read");
        (await reader.PostAsync("/v1/base-backups")).Expect(403);
        (await reader.GetAsync("/v1/base-backups")).Expect(200);
        (await Api.GetAsync("/v1/base-backups/base_aaaaaaaaaaaaaaaaaaaa")).Refused(404, "base backup not found");
        (await Api.PostAsync("/v1/base-backups/nonsense/verify")).Refused(404, "base backup not found");
        (await Api.PostAsync("/v1/base-backups", new JsonObject { ["label"] = new string('x', 201) })).Refused(400, "label");
    }

    [SystemFact]
    public async Task The_first_is_taken_and_verified_by_itself_once_WAL_is_followed()
    {
        var first = await Api.FirstBaseBackupAsync();
        Assert.Equal("completed", first.Text("state"));
        Assert.Equal("1", await Daemon.Metadata.OneAsync("SELECT count(*) FROM base_backups WHERE trigger = 'first'"));
        Assert.Contains("a base backup is due (first)", Daemon.Log, StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task One_at_a_time()
    {
        await Superuser.ExecuteAsync("postgres", "CREATE TABLE IF NOT EXISTS bulk AS SELECT n, md5(n::text) AS noise FROM generate_series(1, 300000) n");
        var first = (await Api.AskBaseBackupAsync()).Expect(202);
        (await Api.PostAsync("/v1/base-backups")).Refused(409, "under way");
        await Api.CompletedAsync(first.JobId);
    }
}
