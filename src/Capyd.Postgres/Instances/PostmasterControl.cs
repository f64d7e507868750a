using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Instances;

/// <summary>Starts and stops the embedded server through pg_ctl.</summary>
internal sealed class PostmasterControl(EmbeddedLayout layout, PostgresInstallation installation, ToolRunner runner)
{
    private const int NotRunning = 3;
    private const int StartSeconds = 300;
    private const int StopSeconds = 60;
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(100);

    public async Task<bool> IsRunningAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(layout.Data, "postmaster.pid")))
        {
            return false;
        }

        var command = PgCtl("status");
        var outcome = await runner.RunAsync(command, ToolStreams.None, cancellationToken);
        return outcome.ExitCode != NotRunning && outcome.EnsureSuccess(command).ExitCode == 0;
    }

    /// <summary>Returns when the server accepts connections. Crash recovery may take its time.</summary>
    /// <exception cref="ToolFailedException">The server did not start; the message ends with its own last words.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        File.Delete(layout.StartupLog);
        var command = PgCtl("start", "--wait", "--timeout", Text(StartSeconds), "--log", layout.StartupLog);
        var outcome = await runner.RunAsync(command, ToolStreams.None, cancellationToken);
        (outcome.ExitCode == 0 ? outcome : outcome with { StderrTail = outcome.StderrTail + ServerWords() }).EnsureSuccess(command);
    }

    /// <returns>False when it still runs after a minute.</returns>
    public async Task<bool> StopFastAsync(CancellationToken cancellationToken)
    {
        var command = PgCtl("stop", "--mode", "fast", "--wait", "--timeout", Text(StopSeconds));
        var outcome = await runner.RunAsync(command, ToolStreams.None, cancellationToken);
        return outcome.ExitCode == 0 || !await IsRunningAsync(cancellationToken);
    }

    public async Task StopAtOnceAsync(CancellationToken cancellationToken)
    {
        var command = PgCtl("stop", "--mode", "immediate", "--wait", "--timeout", Text(StopSeconds));
        (await runner.RunAsync(command, ToolStreams.None, cancellationToken)).EnsureSuccess(command);
    }

    /// <summary>Waits for a running server that may still be recovering.</summary>
    public async Task WaitUntilReadyAsync(PostgresCluster cluster, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await cluster.ProbeAsync(cancellationToken);
                return;
            }
            catch (PostgresFailedException e) when (e.Retry == RetryClass.Transient)
            {
                if (!await IsRunningAsync(cancellationToken))
                {
                    throw;
                }

                await Task.Delay(BetweenProbes, runner.Clock, cancellationToken);
            }
        }
    }

    private ToolCommand PgCtl(string action, params string[] arguments) =>
        new(installation.PathOf("pg_ctl"), [action, "--pgdata", layout.Data, "--silent", .. arguments]) { RunAs = layout.OsUser };

    private string ServerWords() =>
        File.Exists(layout.StartupLog) ? string.Join('\n', File.ReadLines(layout.StartupLog).TakeLast(5)) : "";

    private static string Text(int seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}
