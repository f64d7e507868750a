namespace Capyd.SystemTests.Resilience;

/// <summary>Disks run full; what was promised stays, nothing half-made does, and it goes on when there is room.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private AttachedServer? _server;

    public async Task InitializeAsync() => _server = Machine.Skips ? null : await AttachedServer.CreateAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [SystemFact]
    public async Task A_full_repository_fails_the_backup_by_its_cause_and_leaves_nothing_half_made()
    {
        await using var disk = await SmallDisk.CreateAsync("4m");
        await using var daemon = CapydDaemon.Attached(Machine.NewDirectory(), _server!, ("CAPYD_REPOSITORY_DIRECTORY", Path.Combine(disk.Directory, "repository")));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        var project = await api.NewProjectAsync("Large");
        var url = await api.UrlAsync(project);
        await Tenant.ExecuteAsync(url, "CREATE TABLE bulk AS SELECT n, string_agg(md5(n::text || m), '') AS noise FROM generate_series(1, 4000) n, generate_series(1, 100) m GROUP BY n");

        var job = await api.EndOfJobAsync((await api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId);
        Assert.Equal("failed", job.Text("state"));
        Assert.Contains("space", job.Text("error"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("transient", job.Text("retry_classification"));
        Assert.Equal(3, job.Number("attempts"));
        var copies = Path.Combine(disk.Directory, "repository", "metadata") + "/";
        Assert.DoesNotContain(
            Directory.EnumerateFiles(disk.Directory, "*", SearchOption.AllDirectories),
            file => !(file.StartsWith(copies, StringComparison.Ordinal) && file.EndsWith(".db.zst", StringComparison.Ordinal)) && Path.GetFileName(file) != "repository.id");
        Assert.DoesNotContain(await api.BackupsAsync(project), backup => backup.Text("state") == "completed");
        Assert.Empty(await _server!.Superuser.ListAsync("postgres", @"SELECT datname FROM pg_database WHERE datname LIKE 'capyd\_build\_%'"));

        await Tenant.ExecuteAsync(url, "TRUNCATE bulk");
        await api.NewBackupAsync(project);
    }

    [SystemFact]
    public async Task Full_metadata_accept_nothing_and_say_so_until_there_is_room()
    {
        await using var disk = await SmallDisk.CreateAsync("8m");
        var directory = Directory.CreateDirectory(Path.Combine(disk.Directory, "data")).FullName;
        await using var daemon = CapydDaemon.Attached(directory, _server!);
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        var keys = $"/v1/organizations/{(await api.GetAsync("/v1/me"))["organization"].Text("id")}/api-keys";
        var project = await api.NewProjectAsync("Cramped");
        await disk.FillAsync();

        var accepted = 0;
        Reply reply;
        while ((reply = await api.PostAsync(keys, new JsonObject { ["name"] = "filler", ["scopes"] = new JsonArray("projects:read") })).Status == 201)
        {
            Assert.True(++accepted < 1000, "the disk is full and writes go on");
        }

        Assert.Equal("metadata_unavailable", reply.Expect(503).Json.Text("code"));
        (await api.PostAsync("/v1/projects", new JsonObject { ["name"] = "Too much" })).Expect(503);
        (await api.PostAsync($"/v1/projects/{project}/backups")).Expect(503);
        (await api.GetAsync("/v1/projects")).Expect(200);
        Assert.True(daemon.IsRunning);

        disk.Free();
        Assert.Equal(accepted, (await api.GetAsync(keys)).Expect(200).Json.Objects("api_keys").Count(key => key.Text("name") == "filler"));
        Assert.Single((await api.GetAsync("/v1/projects")).Json.Objects("projects"));
        await api.CompletedAsync(await api.PostAsync($"/v1/projects/{project}/backups"));
    }
}
