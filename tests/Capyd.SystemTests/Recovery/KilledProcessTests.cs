using System.Diagnostics;

namespace Capyd.SystemTests.Recovery;

/// <summary>Processes die at any time under load; what the server confirmed meanwhile comes back all the same.</summary>
public sealed class KilledProcessTests
{
    [SystemFact]
    public async Task A_daemon_that_is_killed_again_and_again_misses_no_commit()
    {
        await using var followed = await FollowedServer.StartAsync();
        var (project, url) = await followed.NewProjectAsync("Survivor");
        await using var ticks = await TickWriter.StartAsync(url);
        var dead = new List<DateTimeOffset>();
        foreach (var rows in (int[])[10, 150, 60])
        {
            await followed.Daemon.KillAsync();
            await ticks.ConfirmAsync(rows);
            dead.Add(await followed.NowAsync());
            await ticks.ConfirmAsync(rows);
            await followed.Server.Superuser.OneAsync("postgres", "SELECT pg_switch_wal()");
            await followed.Daemon.StartAsync();
        }

        await ticks.ConfirmAsync(20);
        await ticks.StopAsync();
        foreach (var at in dead)
        {
            await ticks.AssertStateAtAsync(await followed.RecoverAsync(project, at, $"dead-{dead.IndexOf(at)}"), at);
        }

        Assert.Empty(await followed.RowsAsync("SELECT id FROM wal_gaps"));
    }

    [SystemFact]
    public async Task A_receiver_that_is_killed_again_and_again_misses_no_commit()
    {
        await using var followed = await FollowedServer.StartAsync();
        var (project, url) = await followed.NewProjectAsync("Persistent");
        await using var ticks = await TickWriter.StartAsync(url);
        var killed = 0;
        for (var round = 0; round < 4; round++)
        {
            var receiver = await Until.FoundAsync("pg_receivewal runs", () => Task.FromResult(Receiver(followed.Daemon, killed)));
            killed = receiver.Id;
            receiver.Kill();
            await ticks.ConfirmAsync(100);
        }

        var at = await followed.NowAsync();
        await ticks.ConfirmAsync(20);
        await ticks.StopAsync();
        await ticks.AssertStateAtAsync(await followed.RecoverAsync(project, at), at);
        Assert.Empty(await followed.RowsAsync("SELECT id FROM wal_gaps"));
    }

    [SystemFact]
    public async Task A_daemon_that_is_killed_while_it_recovers_does_it_anew_and_leaves_no_sandbox()
    {
        await using var followed = await FollowedServer.StartAsync();
        var (project, url) = await followed.NewProjectAsync("Again");
        await using var ticks = await TickWriter.StartAsync(url);
        await ticks.ConfirmAsync(3000);
        var at = await followed.NowAsync();
        await ticks.ConfirmAsync(20);
        await ticks.StopAsync();
        var places = Path.Combine(followed.Daemon.DataDirectory, "sandboxes");
        var id = (await followed.AskAsync(project, at)).Expect(202).JobId;
        await Until.TrueAsync("a sandbox is made", () => Task.FromResult(Directory.Exists(places) && Directory.EnumerateFileSystemEntries(places).Any()));
        await followed.Daemon.KillAsync();
        await followed.Daemon.StartAsync();

        var job = await followed.Api.CompletedAsync(id, 180);
        await ticks.AssertStateAtAsync(await followed.Api.PreviewUrlAsync(job.Text("preview_database_id")), at);
        await Until.TrueAsync("no sandbox is left", () => Task.FromResult(Sandboxes(followed.Daemon).Count == 0));
        Assert.Empty(Directory.EnumerateFileSystemEntries(places));
    }

    private static Process? Receiver(CapydDaemon daemon, int but) =>
        Processes("pg_receivewal", daemon.DataDirectory).FirstOrDefault(process => process.Id != but);

    private static List<Process> Sandboxes(CapydDaemon daemon) => Processes("postgres", Path.Combine(daemon.DataDirectory, "sandboxes"));

    /// <summary>Processes of this program that were started with this directory.</summary>
    private static List<Process> Processes(string program, string directory) => Process.GetProcessesByName(program)
        .Where(process => CommandLine(process.Id).Contains(directory, StringComparison.Ordinal)).ToList();

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
