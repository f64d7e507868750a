using System.Globalization;

namespace Capyd.SystemTests.Recovery;

/// <summary>A server of the test's own, and a daemon beside it that keeps its WAL and base backups.</summary>
public sealed class FollowedServer : IAsyncDisposable
{
    private FollowedServer(AttachedServer server, CapydDaemon daemon) => (Server, Daemon) = (server, daemon);

    public AttachedServer Server { get; }

    public CapydDaemon Daemon { get; }

    /// <summary>Has a key that may do everything in the organisation.</summary>
    public ApiClient Api { get; private set; } = null!;

    /// <summary>Returns when the first base backup is there. Base backups are taken when one is asked for, and after a gap.</summary>
    /// <param name="environment">Of the daemon.</param>
    public static async Task<FollowedServer> StartAsync(params (string Name, string Value)[] environment)
    {
        var server = await AttachedServer.CreateFollowedAsync();
        var daemon = CapydDaemon.Attached(
            Machine.NewDirectory(), server, [("CAPYD_PITR_ENABLED", "true"), ("CAPYD_PITR_BASE_BACKUP_SCHEDULE", "off"), .. environment]);
        var followed = new FollowedServer(server, daemon);
        await daemon.StartAsync();
        followed.Api = await daemon.ClientAsync();
        await followed.FirstBaseBackupAsync();
        return followed;
    }

    /// <summary>The daemon takes one by itself, at its next look; asking saves the wait.</summary>
    public async Task FirstBaseBackupAsync()
    {
        await Until.TrueAsync("a base backup is under way", async () =>
            (await Api.PostAsync("/v1/base-backups")).Status == 202 || (await BaseBackupsAsync()).Count > 0);
        await Until.TrueAsync("a base backup is completed", async () => (await BaseBackupsAsync()).Any(backup => backup.Text("state") == "completed"));
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<JsonObject>> BaseBackupsAsync() => (await Api.GetAsync("/v1/base-backups")).Expect(200).Json.Objects("base_backups");

    public async Task NewBaseBackupAsync() => await Api.CompletedAsync(await Api.PostAsync("/v1/base-backups"));

    /// <summary>A project and the URL of its database.</summary>
    public async Task<(string Project, string Url)> NewProjectAsync(string name)
    {
        var project = await Api.NewProjectAsync(name);
        return (project, await Api.UrlAsync(project));
    }

    /// <summary>This moment by the server's clock, with nothing committed by the caller at the same time.</summary>
    public async Task<DateTimeOffset> NowAsync() => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(
        (await Server.Superuser.OneAsync("postgres", "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 1 FROM pg_sleep(0.002)"))!, CultureInfo.InvariantCulture));

    public Task<Reply> AskAsync(string project, DateTimeOffset at, string name = "moment") => Api.RestoreAsync(project, new JsonObject
    {
        ["restore_time"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), ["preview_name"] = name,
    });

    /// <summary>The database as it was at that moment, in a new preview; its URL.</summary>
    public async Task<string> RecoverAsync(string project, DateTimeOffset at, string name = "moment")
    {
        var accepted = (await AskAsync(project, at, name)).Expect(202);
        Assert.False(accepted["pitr"]["restore_time_clamped"]!.GetValue<bool>(), $"{at:O} was clamped: {accepted.Text}");
        var job = await Api.CompletedAsync(accepted.JobId, 180);
        return await Api.PreviewUrlAsync(job.Text("preview_database_id"));
    }

    public async Task<JsonObject> WindowAsync(string project) => (await Api.GetAsync($"/v1/projects/{project}/recovery-window")).Expect(200)["recovery_window"];

    /// <summary>How /status puts it: operational, degraded or down.</summary>
    public async Task<string> ArchiveStatusAsync() =>
        (await Api.GetAsync("/status")).Expect(200).Json.Objects("components").Single(component => component.Text("name") == "WAL archive").Text("status");

    /// <summary>Ends the segment that is being written, and waits until it is in the repository.</summary>
    public async Task<string> ArchiveAsync()
    {
        var name = (await Server.Superuser.OneAsync("postgres", "SELECT pg_walfile_name(pg_switch_wal())"))!;
        return await Until.FoundAsync($"{name} is in the repository", () => Task.FromResult(SegmentOrNull(name)));
    }

    /// <summary>The file of a segment in the repository.</summary>
    public string? SegmentOrNull(string name)
    {
        var directory = Path.Combine(Daemon.Repository, "wal");
        return Directory.Exists(directory) ? Directory.EnumerateFiles(directory, name + ".zst", SearchOption.AllDirectories).SingleOrDefault() : null;
    }

    /// <summary>The first column of rows of the daemon's metadata.</summary>
    public Task<IReadOnlyList<string>> RowsAsync(string sql) => Daemon.Metadata.ListAsync(sql);

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        await Daemon.DisposeAsync();
        await Server.DisposeAsync();
    }
}
