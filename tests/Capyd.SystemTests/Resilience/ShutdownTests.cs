using System.Diagnostics;

namespace Capyd.SystemTests.Resilience;

/// <summary>Stopping in order, and what may not run side by side.</summary>
public sealed class ShutdownTests : OwnDaemon
{
    [SystemFact]
    public async Task SIGTERM_interrupts_a_backup_cleanly_and_the_next_start_goes_on_with_it()
    {
        using var api = await Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Stopped");
        var url = await api.UrlAsync(project);
        await ProjectCalls.FillAsync(url);
        await using var blocker = await Tenant.OpenAsync(url);
        await blocker.ExecuteAsync("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
        var id = (await api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        await Until.TrueAsync("the dump waits for its lock", async () =>
            (await Superuser.ListAsync("postgres", "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).Count > 0);

        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await Daemon.TerminateAsync(15));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
        Assert.Equal("pending|interrupted|0", await Daemon.Metadata.OneAsync($"SELECT state, retry_classification, attempts FROM jobs WHERE id = '{id}'"));
        Assert.False(File.Exists(Path.Combine(Daemon.DataDirectory, "postgres", "pgdata", "postmaster.pid")));

        await Daemon.StartAsync();
        var job = await api.CompletedAsync(id);
        Assert.Equal(1, job.Number("attempts"));
        Assert.Equal("verified", (await api.BackupsAsync(project)).Single().Text("verification_state"));
    }

    [SystemFact]
    public async Task A_second_daemon_on_the_same_directory_refuses_and_the_first_goes_on()
    {
        var second = await Daemon.CommandAsync("serve", "--embedded", "--listen", $"http://127.0.0.1:{Machine.FreePort()}");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"another capyd runs on {Daemon.DataDirectory}", second.Errors, StringComparison.Ordinal);
        using var api = await Daemon.ClientAsync();
        (await api.GetAsync("/readyz")).Expect(200);
    }

    [SystemFact]
    public async Task Metadata_of_a_newer_capyd_is_refused_and_not_touched()
    {
        Assert.Equal(0, await Daemon.TerminateAsync());
        await Daemon.Metadata.ExecuteAsync("PRAGMA user_version = 999");
        Daemon.Launch();
        Assert.Equal(1, await Daemon.WaitForExitAsync());
        Assert.Contains("schema version 999", Daemon.Log, StringComparison.Ordinal);
        Assert.Equal("999", await Daemon.Metadata.OneAsync("PRAGMA user_version"));
    }

    [SystemFact]
    public async Task Configuration_mistakes_are_all_told_by_the_key_as_it_was_typed()
    {
        var file = Path.Combine(Daemon.DataDirectory, "bad.yaml");
        await File.WriteAllTextAsync(file, "lisen: http://127.0.0.1:1\npostgres:\n  port: many\n");
        var result = await Daemon.CommandAsync("check-config", "--config", file);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("did you mean listen?", result.Errors, StringComparison.Ordinal);
        Assert.Contains("postgres.port", result.Errors, StringComparison.Ordinal);
    }
}
