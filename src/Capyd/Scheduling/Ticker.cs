using Capyd.Backups;
using Capyd.Cluster;
using Capyd.Previews;
using Capyd.Restores;

namespace Capyd.Scheduling;

/// <summary>What happens by the clock: every half minute each of these looks at what is due. One that fails does not hold up the others.</summary>
internal sealed partial class Ticker(
    BackupScheduler backups, BackupRetention retention, DeletePreview previews, ExpireParked parked, PostgresServer server, TimeProvider clock, ILogger<Ticker> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await server.WaitUntilAnsweringAsync(stopping);
                await RunOneAsync("backup schedules", backups.TickAsync, stopping);
                await RunOneAsync("backup retention", retention.TickAsync, stopping);
                await RunOneAsync("preview lifetimes", previews.ReapAsync, stopping);
                await RunOneAsync("undo times", parked.TickAsync, stopping);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogEnds();
        }
    }

    private async Task RunOneAsync(string what, Func<CancellationToken, Task> tick, CancellationToken stopping)
    {
        try
        {
            await tick(stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e, what);
        }
    }

    [LoggerMessage(6000, LogLevel.Error, "looking after {What} failed; it is tried again in half a minute")]
    private partial void LogFailed(Exception e, string what);

    [LoggerMessage(6001, LogLevel.Debug, "the clock stops")]
    private partial void LogEnds();
}
