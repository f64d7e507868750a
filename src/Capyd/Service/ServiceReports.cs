using System.Net.Sockets;
using Capyd.Cluster;
using Capyd.Storage.Jobs;

namespace Capyd.Service;

/// <summary>
/// Keeps the service manager informed: ready when the API listens (PostgreSQL may still be down; capyd waits for it), a status line
/// when it changes, and the watchdog as long as every main loop turns. One that stands still is said once, and the watchdog starves.
/// </summary>
internal sealed partial class ServiceReports(
    ServiceNotifier notifier, LoopHealth health, PostgresServer server, MetadataDatabase metadata, TimeProvider clock, ILogger<ServiceReports> logger) : IBackgroundLoop
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);
    private string? _status;
    private string? _problem;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Pause(), clock);
        Send("READY=1");
        try
        {
            do
            {
                Report();
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Send("STOPPING=1", "STATUS=stopping: running jobs come to a safe point");
        }
    }

    /// <summary>A third of what systemd grants: one late turn does no harm.</summary>
    private static TimeSpan Pause() => ServiceNotifier.WatchdogFromEnvironment() is { } granted && granted / 3 < LongestPause ? granted / 3 : LongestPause;

    private void Report()
    {
        var problem = health.Problem;
        if (problem is null)
        {
            Send("WATCHDOG=1");
        }
        else if (_problem is null)
        {
            LogStalled(problem);
        }

        _problem = problem;
        var status = problem ?? Status();
        if (status != _status)
        {
            Send("STATUS=" + status);
            _status = status;
        }
    }

    private string Status()
    {
        var jobs = metadata.Read(JobStore.CountByState);
        var postgres = server.Problem is { } problem ? $"waiting: {problem}" : $"PostgreSQL {server.Facts?.Version} answers";
        return $"{postgres.ReplaceLineEndings(" ")}; {jobs.GetValueOrDefault("running")} jobs running, {jobs.GetValueOrDefault("pending")} pending";
    }

    private void Send(params IEnumerable<string> assignments)
    {
        try
        {
            notifier.Send(assignments);
        }
        catch (SocketException e)
        {
            LogUnheard(e.Message);
        }
    }

    [LoggerMessage(1300, LogLevel.Critical, "{Problem}; the service manager's watchdog is not fed any more and will restart capyd")]
    private partial void LogStalled(string problem);

    [LoggerMessage(1301, LogLevel.Warning, "the service manager cannot be told: {Problem}")]
    private partial void LogUnheard(string problem);
}
