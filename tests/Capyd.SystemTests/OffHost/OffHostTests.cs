using System.Globalization;
using System.Text;
using Capyd.SystemTests.Recovery;
using Capyd.SystemTests.RepositoryCommands;

namespace Capyd.SystemTests.OffHost;

public sealed class OffHostTests(OffHostGround ground) : IClassFixture<OffHostGround>
{
    private Superuser Sql => EmbeddedData.Superuser(ground.Daemon.DataDirectory);

    [SystemFact]
    public async Task An_outage_of_the_bucket_stops_nothing_and_afterwards_the_bucket_alone_brings_everything_back()
    {
        await Sql.ExecuteAsync("postgres", "CREATE TABLE marks (n int); CREATE TABLE far_marks (n int)");
        var project = await ground.Api.NewProjectAsync("Shop");
        await ProjectCalls.FillAsync(await ground.Api.UrlAsync(project));
        await ground.Api.NewBackupAsync(project);
        await PitrGround.BaseBackupAsync(ground.Api);
        await MarkAsync(1);
        await ground.UntilNothingWaitsAsync();

        ground.Server.KillGateway();
        await MarkAsync(2);
        var during = await ground.Api.NewBackupAsync(project);
        await PitrGround.BaseBackupAsync(ground.Api);
        await MarkAsync(3);
        var segment = await ground.SwitchWalAsync();
        await Until.TrueAsync($"{segment} is kept in the spool", () => Task.FromResult(ground.Waiting().Any(name => name.EndsWith(segment + ".zst", StringComparison.Ordinal))));
        await ShowsOutageAsync(project);

        // The daemon dies in the outage, too, and comes back without a bucket.
        await ground.Daemon.KillAsync();
        await ground.Daemon.StartAsync();
        await MarkAsync(4);
        var waiting = ground.Waiting();
        Assert.Contains(during.Text("backup_key") + ".json", waiting);
        Assert.Contains(waiting, name => name.StartsWith("base/manifests/", StringComparison.Ordinal));

        await ground.Server.StartGatewayAsync();
        var last = await ground.SwitchWalAsync();
        await Until.TrueAsync($"{last} was stored", async () => (await ground.CommandAsync("repository", "stats")).ExitCode == 0 && await IsArchivedAsync(last));
        (await ground.CommandAsync("repository", "flush")).Good();
        Assert.Empty(ground.Waiting());
        await Until.TrueAsync("the alert is resolved", async () => !(await OpenAlertsAsync(project)).Contains("repository_unreachable"));
        (await ground.CommandAsync("repository", "check", "--read-data")).Good();
        await ground.Daemon.TerminateAsync();

        await ComesBackAsync("1,2,3,4");
        await NothingIsPlainAsync();
        await OnlyTheRightKeyOpensAsync();
        await ground.Daemon.StartAsync();
    }

    [SystemFact]
    public async Task The_doctor_tries_the_bucket_and_the_key()
    {
        var report = (await ground.Daemon.CommandAsync("doctor")).Output;
        Assert.Matches("pass +repository bucket", report);
        Assert.Matches("pass +writing to the bucket", report);
        Assert.Matches("pass +repository key", report);

        var wrong = new Dictionary<string, string>(ground.Environment)
        {
            ["CAPYD_REPOSITORY_S3_CREDENTIALS_FILE"] = ground.Secret("wrong", "aws_access_key_id = capyd-test\naws_secret_access_key = no\n"),
        };
        var failed = await Command.RunAsync(Machine.Binary, wrong, "doctor", "--local", "--data-dir", ground.Daemon.DataDirectory);
        Assert.Matches("(FAIL|fail) +repository bucket", failed.Output);
        Assert.DoesNotContain("capyd-test-secret", failed.Output + failed.Errors);
    }

    [SystemFact]
    public async Task A_new_host_waits_for_a_bucket_that_it_has_not_seen_yet()
    {
        var elsewhere = new Dictionary<string, string>(ground.Environment) { ["CAPYD_REPOSITORY_S3_PREFIX"] = "another-host" };
        await using var newcomer = CapydDaemon.Embedded(Machine.NewDirectory(), [.. elsewhere.Select(pair => (pair.Key, pair.Value))]);
        ground.Server.KillGateway();
        try
        {
            newcomer.Launch();
            await Until.TrueAsync("it says that it waits", () => Task.FromResult(newcomer.Log.Contains("capyd waits for it", StringComparison.Ordinal)), 60);
            Assert.True(newcomer.IsRunning, newcomer.Log);
        }
        finally
        {
            await ground.Server.StartGatewayAsync();
        }

        await newcomer.WaitUntilReadyAsync();
    }

    [SystemFact]
    public async Task A_drill_finds_that_the_key_file_is_lost_while_the_daemon_still_works_on()
    {
        var project = await ground.Api.NewProjectAsync("Drilled");
        await ProjectCalls.FillAsync(await ground.Api.UrlAsync(project));
        await PitrGround.BaseBackupAsync(ground.Api);
        var aside = ground.KeyFile + ".aside";
        File.Move(ground.KeyFile, aside);
        try
        {
            var job = await DrillAsync(project);
            Assert.Equal("failed", job.Text("state"));
            Assert.Contains(ground.KeyFile, job.Text("error"), StringComparison.Ordinal);
        }
        finally
        {
            File.Move(aside, ground.KeyFile);
        }

        Assert.Equal("completed", (await DrillAsync(project)).Text("state"));
    }

    [SystemFact]
    public async Task A_configuration_names_everything_that_is_wrong_with_it_at_once()
    {
        var readable = ground.Secret("readable", "x");
        File.SetUnixFileMode(readable, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var environment = new Dictionary<string, string>(ground.Environment) { ["CAPYD_REPOSITORY_S3_ALLOW_HTTP"] = "false", ["CAPYD_REPOSITORY_ENCRYPTION_PASSPHRASE_FILE"] = readable, ["CAPYD_REPOSITORY_S3_PREFIX"] = "a b" };

        var refused = await Command.RunAsync(Machine.Binary, environment, "check-config");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("CAPYD_REPOSITORY_S3_PREFIX: 'a b'", refused.Errors);
        Assert.Contains("repository.s3.endpoint: is not https", refused.Errors);
        Assert.Contains("repository.encryption: wants key_file or passphrase_file", refused.Errors);

        var open = new Dictionary<string, string>(ground.Environment) { ["CAPYD_REPOSITORY_ENCRYPTION_KEY_FILE"] = readable };
        var closed = await Command.RunAsync(Machine.Binary, open, "check-config");
        Assert.Equal(2, closed.ExitCode);
        Assert.Contains($"repository.encryption.key_file: {readable} can be read by others", closed.Errors);
    }

    private async Task<JsonObject> DrillAsync(string project) =>
        await ground.Api.EndOfJobAsync((await ground.Api.PostAsync("/v1/drills", new JsonObject { ["project_id"] = project })).Expect(202).JobId);

    private async Task ShowsOutageAsync(string project)
    {
        await Until.TrueAsync("an alert is open", async () => (await OpenAlertsAsync(project)).Contains("repository_unreachable"), 90);
        var status = (await ground.Api.GetAsync("/status")).Expect(200).Json.Objects("components").Single(part => part.Text("name") == "Off-host repository");
        Assert.Equal("degraded", status.Text("status"));
        Assert.Contains("only on this host", status.Text("message"));
        Assert.Equal("degraded", (await ground.Api.GetAsync("/status")).Expect(200).Json.Text("status"));
        Assert.Matches("Off-host repository +degraded", (await ground.Daemon.CommandAsync("status")).Output);
        (await ground.Api.GetAsync("/readyz")).Expect(200);
        var metrics = (await ground.Api.GetAsync("/metrics")).Expect(200).Text;
        Assert.DoesNotMatch("capyd_repository_spool_objects 0\n", metrics);
        Assert.DoesNotMatch("capyd_repository_unreachable_seconds 0\n", metrics);
    }

    private async Task<string[]> OpenAlertsAsync(string project) =>
        [.. (await ground.Api.GetAsync($"/v1/projects/{project}/alerts")).Expect(200).Json.Objects("alerts").Where(alert => alert["resolved_at"] is null).Select(alert => alert.Text("kind"))];

    private async Task<bool> IsArchivedAsync(string segment) =>
        await ground.Daemon.Metadata.OneAsync($"SELECT count(*) FROM wal_segments WHERE name = '{segment}' AND is_partial = 0") == "1";

    private async Task ComesBackAsync(string marks)
    {
        var host = Machine.NewDirectory();
        try
        {
            (await RecoverAsync(ground.KeyFile, "--target", Path.Combine(host, "main"), "--data-dir", Path.Combine(host, "capyd"))).Good();
            Assert.Equal($"{marks}|{marks}", await RecoveredCluster.MarksAsync(Path.Combine(host, "main")));
            Assert.Equal("1", await new Metadata(Path.Combine(host, "capyd", "capyd.db")).OneAsync("SELECT count(*) FROM projects WHERE name = 'Shop'"));
        }
        finally
        {
            Directory.Delete(host, recursive: true);
        }
    }

    /// <summary>Whoever has the bucket has names, sizes and sealed bytes: each object begins as sealed ones do, and none holds a known text.</summary>
    private async Task NothingIsPlainAsync()
    {
        var seen = 0;
        foreach (var (name, bytes) in await ground.ReadBucketAsync())
        {
            if (!name.StartsWith("keys/", StringComparison.Ordinal))
            {
                seen++;
                var text = Encoding.Latin1.GetString(bytes);
                Assert.StartsWith("CAPYSEAL", text, StringComparison.Ordinal);
                Assert.DoesNotContain("Kundin", text, StringComparison.Ordinal);
                Assert.DoesNotContain("SQLite format", text, StringComparison.Ordinal);
            }
        }

        Assert.InRange(seen, 8, 10_000);
    }

    private async Task OnlyTheRightKeyOpensAsync()
    {
        var wrong = await RecoverAsync(ground.Secret("other.key", new string('b', 64)), "--list");
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("does not open data key", wrong.Errors);
        var without = await LostHost.CapydAsync("recover", "--s3", ground.Address, "--s3-credentials", ground.CredentialsFile, "--list");
        Assert.NotEqual(0, without.ExitCode);
        Assert.Contains("the repository is encrypted and no key", without.Errors);
    }

    [SystemFact]
    public async Task A_look_at_the_bucket_leaves_no_keys_behind_on_the_host()
    {
        await ground.UntilNothingWaitsAsync();
        var place = Machine.NewDirectory();
        var environment = new Dictionary<string, string>(ground.Environment) { ["TMPDIR"] = place, ["CAPYD_DATA_DIR"] = Path.Combine(place, "data") };
        string[] looks = ["recover --list", "repository cat metadata/none", "doctor --local"];
        foreach (var look in looks)
        {
            var answer = await Command.RunAsync(Machine.Binary, environment, look.Split(' '));
            Assert.DoesNotContain("does not open", answer.Errors, StringComparison.Ordinal);
        }

        var left = (await Command.RunAsync("find", place, "-path", "*/keys*")).Good();
        Directory.Delete(place, recursive: true);
        Assert.Empty(left);
    }

    private Task<CommandResult> RecoverAsync(string key, params string[] more) =>
        LostHost.CapydAsync(["recover", "--s3", ground.Address, "--s3-credentials", ground.CredentialsFile, "--key-file", key, .. more]);

    private async Task MarkAsync(int n) =>
        await Sql.ExecuteAsync("postgres", string.Create(CultureInfo.InvariantCulture, $"INSERT INTO marks VALUES ({n}); INSERT INTO far_marks VALUES ({n})"));
}
