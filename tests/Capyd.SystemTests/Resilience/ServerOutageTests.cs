namespace Capyd.SystemTests.Resilience;

/// <summary>PostgreSQL goes away and comes back; the daemon beside it stays.</summary>
public sealed class ServerOutageTests : IAsyncLifetime
{
    private AttachedServer? _server;
    private CapydDaemon? _daemon;

    public async Task InitializeAsync()
    {
        if (!Machine.Skips)
        {
            _server = await AttachedServer.CreateAsync();
            _daemon = CapydDaemon.Attached(Machine.NewDirectory(), _server);
            await _daemon.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [SystemFact]
    public async Task A_job_survives_a_stop_of_the_server_and_the_daemon_says_how_it_stands()
    {
        using var api = await _daemon!.ClientAsync();
        var project = await api.NewProjectAsync("Outage");
        var url = await api.UrlAsync(project);
        await ProjectCalls.FillAsync(url);
        await using var blocker = await Tenant.OpenAsync(url);
        await blocker.ExecuteAsync("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
        var id = (await api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        await Until.TrueAsync("the dump waits for its lock", async () =>
            (await _server!.Superuser.ListAsync("postgres", "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).Count > 0);

        await _server!.StopAsync();
        await Until.TrueAsync("/readyz says 503", async () => await api.TryStatusAsync("/readyz") == 503);
        Assert.Equal("degraded", (await api.GetAsync("/status")).Expect(200).Json.Text("status"));
        (await api.GetAsync("/healthz")).Expect(200);
        (await api.GetAsync($"/v1/projects/{project}")).Expect(200);
        Assert.NotEqual("completed", (await api.GetAsync($"/v1/jobs/{id}")).Expect(200)["job"].Text("state"));
        var accepted = (await api.PostAsync("/v1/projects", new JsonObject { ["name"] = "Meanwhile" })).Expect(201).JobId;

        await _server.StartAsync();
        var job = await api.CompletedAsync(id);
        Assert.InRange(job.Number("attempts"), 1, 3);
        await api.CompletedAsync(accepted);
        await Until.TrueAsync("all is well again", async () => (await api.GetAsync("/status")).Expect(200).Json.Text("status") == "operational");
        Assert.Equal("verified", (await api.BackupsAsync(project)).Single().Text("verification_state"));
        Assert.True(_daemon.IsRunning);
    }
}
