using System.Diagnostics;

namespace Capyd.SystemTests.Resilience;

/// <summary>Stopping in order, and what may not run side by side.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private readonly CapydDaemon _daemon = CapydDaemon.Embedded(Machine.NewDirectory());

    public async Task InitializeAsync()
    {
        if (!Machine.Skips)
        {
            await _daemon.StartAsync();
        }
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [SystemFact]
    public async Task SIGTERM_interrupts_a_backup_cleanly_and_the_next_start_goes_on_with_it()
    {
        using var api = await _daemon.ClientAsync();
        var project = await api.NewProjectAsync("Stopped");
        var url = await api.UrlAsync(project);
        await ProjectCalls.FillAsync(url);
        await using var blocker = await Tenant.OpenAsync(url);
        await blocker.ExecuteAsync("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
        var id = (await api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        await Until.TrueAsync("the dump waits for its lock", async () =>
            (await EmbeddedData.Superuser(_daemon.DataDirectory).ListAsync("postgres", "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).Count > 0);

        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await _daemon.TerminateAsync(15));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
        Assert.Equal("pending|interrupted|0", await _daemon.Metadata.OneAsync($"SELECT state, retry_classification, attempts FROM jobs WHERE id = '{id}'"));
        Assert.False(File.Exists(Path.Combine(_daemon.DataDirectory, "postgres", "pgdata", "postmaster.pid")));

        await _daemon.StartAsync();
        var job = await api.CompletedAsync(id);
        Assert.Equal(1, job.Number("attempts"));
        Assert.Equal("verified", (await api.BackupsAsync(project)).Single().Text("verification_state"));
    }

    [SystemFact]
    public async Task A_second_daemon_on_the_same_directory_refuses_and_the_first_goes_on()
    {
        var second = await _daemon.CommandAsync("serve", "--embedded", "--listen", $"http://127.0.0.1:{Machine.FreePort()}");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"another capyd runs on {_daemon.DataDirectory}", second.Errors, StringComparison.Ordinal);
        using var api = await _daemon.ClientAsync();
        (await api.GetAsync("/readyz")).Expect(200);
    }

    [SystemFact]
    public async Task Metadata_of_a_newer_capyd_is_refused_and_not_touched()
    {
        Assert.Equal(0, await _daemon.TerminateAsync());
        await _daemon.Metadata.ExecuteAsync("PRAGMA user_version = 999");
        _daemon.Launch();
        Assert.Equal(1, await _daemon.WaitForExitAsync());
        Assert.Contains("schema version 999", _daemon.Log, StringComparison.Ordinal);
        Assert.Equal("999", await _daemon.Metadata.OneAsync("PRAGMA user_version"));
    }

    [SystemFact]
    public async Task Configuration_mistakes_are_all_told_by_the_key_as_it_was_typed()
    {
        var file = Path.Combine(_daemon.DataDirectory, "bad.yaml");
        await File.WriteAllTextAsync(file, "lisen: http://127.0.0.1:1\npostgres:\n  port: many\n");
        var result = await _daemon.CommandAsync("check-config", "--config", file);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("did you mean listen?", result.Errors, StringComparison.Ordinal);
        Assert.Contains("postgres.port", result.Errors, StringComparison.Ordinal);
    }
}
