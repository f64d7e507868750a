using Capyd.SystemTests.Metrics;
using Capyd.SystemTests.Wal;

namespace Capyd.SystemTests.Resilience;

/// <summary>The disk of the repository goes away, and is not there at the next boot: an empty directory stands in its place.</summary>
public sealed class AbsentRepositoryTests
{
    private readonly string _disk = Machine.NewDirectory();

    private string Place => Path.Combine(_disk, "mounted");

    private string Away => Path.Combine(_disk, "away");

    [SystemTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_empty_place_is_never_written_and_all_goes_on_when_the_disk_is_back(bool encrypted)
    {
        var environment = await EnvironmentAsync(encrypted);
        await using var ground = await WalGround.CreateAsync([.. environment.Select(one => (one.Key, one.Value))]);
        await ground.FirstBaseBackupAsync();
        using var api = await ground.Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Shop");
        var backup = await api.NewBackupAsync(project);
        Unmount();
        if (!encrypted)
        {
            await FailsAsync(api, project);
        }

        await ground.Daemon.TerminateAsync();
        await ground.Daemon.StartAsync();
        var end = await ground.SwitchAsync();
        await Until.TrueAsync("the status says so", async () => (await ComponentAsync(api))?.Text("message").Contains("Is its disk mounted?", StringComparison.Ordinal) == true);
        if (!encrypted)
        {
            await IsAlertedAsync(api, project);
        }

        Assert.Matches("(?i)fail +repository directory +.*repository.id is missing", (await ground.Daemon.CommandAsync(environment, "doctor", "--local")).Output);
        Assert.Equal(1, (await ground.Daemon.CommandAsync(environment, "repository", "check")).ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Place));

        Mount();
        await ground.KeepsAsync(end, seconds: 120);
        Assert.Empty(await ground.GapsAsync());
        Assert.Null(await ComponentAsync(api));
        Assert.Equal(0, await AwayAsync(api));
        await api.CompletedAsync(await api.RestoreAsync(project, new JsonObject { ["backup_key"] = backup.Text("backup_key") }));
        await api.NewBackupAsync(project);
        (await ground.Daemon.CommandAsync(environment, "repository", "check", "--read-data")).Good();
    }

    [SystemFact]
    public async Task Another_directory_is_used_once_it_is_adopted()
    {
        var environment = await EnvironmentAsync(encrypted: false);
        await using var daemon = CapydDaemon.Embedded(Machine.NewDirectory(), [.. environment.Select(one => (one.Key, one.Value)), ("CAPYD_PITR_ENABLED", "false")]);
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        var project = await api.NewProjectAsync("Shop");
        Unmount();

        var refused = await daemon.CommandAsync(environment, "repository", "adopt");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("another capyd runs", refused.Errors, StringComparison.Ordinal);

        await daemon.TerminateAsync();
        Assert.Contains("is the repository from now on", (await daemon.CommandAsync(environment, "repository", "adopt")).Good(), StringComparison.Ordinal);
        await daemon.StartAsync();
        await api.NewBackupAsync(project);
    }

    [SystemFact]
    public async Task A_full_disk_at_the_first_start_is_no_reason_not_to_start_and_is_marked_later()
    {
        await using var disk = await SmallDisk.CreateAsync("1m");
        await disk.FillAsync();
        var repository = Path.Combine(disk.Directory, "repository");
        await using var daemon = CapydDaemon.Embedded(Machine.NewDirectory(), ("CAPYD_REPOSITORY_DIRECTORY", repository), ("CAPYD_PITR_ENABLED", "false"));
        await daemon.StartAsync();
        await daemon.TerminateAsync();
        Assert.False(File.Exists(Path.Combine(daemon.DataDirectory, "repository.id")));

        disk.Free();
        await daemon.StartAsync();
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(repository, "repository.id")), await File.ReadAllTextAsync(Path.Combine(daemon.DataDirectory, "repository.id")));
    }

    private async Task<Dictionary<string, string>> EnvironmentAsync(bool encrypted)
    {
        var environment = new Dictionary<string, string> { ["CAPYD_REPOSITORY_DIRECTORY"] = Place, ["CAPYD_ALERTS_UNREACHABLE_AFTER"] = "1" };
        if (!encrypted)
        {
            return environment;
        }

        var key = Path.Combine(_disk, "repository.key");
        await File.WriteAllTextAsync(key, new string('a', 64) + "\n");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        environment["CAPYD_REPOSITORY_ENCRYPTION_KEY_FILE"] = key;
        return environment;
    }

    private void Unmount()
    {
        Directory.Move(Place, Away);
        Directory.CreateDirectory(Place);
    }

    private void Mount()
    {
        Directory.Delete(Place);
        Directory.Move(Away, Place);
    }

    private static async Task FailsAsync(ApiClient api, string project)
    {
        var job = await api.EndOfJobAsync((await api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId);
        Assert.Equal(("failed", "transient"), (job.Text("state"), job.Text("retry_classification")));
        Assert.Contains("Is its disk mounted?", job.Text("error"), StringComparison.Ordinal);
    }

    private static async Task IsAlertedAsync(ApiClient api, string project)
    {
        await Until.TrueAsync("the project is alerted", async () =>
            (await api.GetAsync($"/v1/projects/{project}/alerts")).Json.Objects("alerts").Any(alert => alert.Text("kind") == "repository_unreachable"));
        Assert.True(await AwayAsync(api) >= 1);
    }

    private static async Task<double> AwayAsync(ApiClient api) =>
        Exposition.Parse((await api.GetAsync("/metrics")).Expect(200).Text)["capyd_repository_unreachable_seconds"];

    private static async Task<JsonObject?> ComponentAsync(ApiClient api) =>
        (await api.GetAsync("/status")).Expect(200).Json.Objects("components").SingleOrDefault(component => component.Text("name") == "Repository");
}
