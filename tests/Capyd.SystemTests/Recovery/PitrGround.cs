using System.Globalization;

namespace Capyd.SystemTests.Recovery;

/// <summary>A daemon that follows its server's WAL and has one base backup.</summary>
public sealed class PitrGround : IAsyncLifetime
{
    public CapydDaemon Daemon { get; } = CapydDaemon.Embedded(Machine.NewDirectory(), ("CAPYD_PITR_ENABLED", "true"), ("CAPYD_PLAN_MAX_PREVIEWS", "500"));

    public ApiClient Api { get; private set; } = null!;

    public Superuser Superuser => EmbeddedData.Superuser(Daemon.DataDirectory);

    public async Task InitializeAsync()
    {
        if (!Machine.Skips)
        {
            await Daemon.StartAsync();
            Api = await Daemon.ClientAsync();
        }
    }

    public async Task DisposeAsync()
    {
        Api?.Dispose();
        await Daemon.DisposeAsync();
    }

    public async Task<string> ApproveAsync(string project, string action) => (await Daemon.CommandAsync("approve", project, action)).Good();

    /// <summary>One more base backup, whole and followed by WAL.</summary>
    public Task BaseBackupAsync() => BaseBackupAsync(Api);

    public static async Task BaseBackupAsync(ApiClient api)
    {
        var reply = await Until.FoundAsync<Reply>("a base backup is accepted", async () =>
            await api.PostAsync("/v1/base-backups", new JsonObject()) is { Status: 202 } accepted ? accepted : null);
        await api.CompletedAsync(reply.JobId);
    }

    /// <summary>The moment and what is there in one: while nobody can write.</summary>
    public static async Task<Moment> RecordAsync(string url, string tables = "orders, notes", string content = ProjectCalls.ContentSql)
    {
        await using var session = await Tenant.OpenAsync(url);
        await session.ExecuteAsync($"BEGIN; LOCK TABLE {tables} IN SHARE MODE");
        var at = (await session.ListAsync("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")).Single();
        var found = (await session.ListAsync(content)).Single();
        await session.ExecuteAsync("COMMIT");
        return new Moment(at, found);
    }

    /// <summary>Restores into a new preview; its URL.</summary>
    public async Task<string> RestoredAsync(string project, string at)
    {
        var job = await Api.CompletedAsync(await Api.RestoreAsync(project, new JsonObject { ["restore_time"] = at }));
        Assert.Equal("instance.pitr_restore", job.Text("type"));
        return await Api.PreviewUrlAsync(job.Text("preview_database_id"));
    }

    public static DateTimeOffset Parse(string at) => DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);

    public static string Show(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
