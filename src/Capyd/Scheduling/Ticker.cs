using Capyd.Cluster;

namespace Capyd.Scheduling;

/// <summary>What happens by the clock: every half minute each of these looks at what is due. One that fails does not hold up the others.</summary>
internal sealed partial class Ticker(
    IEnumerable<IDueWork> works, PostgresServer server, LoopHealth health, TimeProvider clock, ILogger<Ticker> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>One piece of work may remove many files or look at a thousand projects.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public async Task RunAsync(CancellationToken stopping)
    {
        var pulse = health.Watch("ticker", Patience);
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                pulse.Rest();
                await server.WaitUntilAnsweringAsync(stopping);
                foreach (var work in works)
                {
                    pulse.Beat();
                    await RunOneAsync(work, stopping);
                }
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogEnds();
        }
    }

    private async Task RunOneAsync(IDueWork work, CancellationToken stopping)
    {
        try
        {
            await work.TickAsync(stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e, work.Name);
        }
    }

    [LoggerMessage(6000, LogLevel.Error, "looking after {What} failed; it is tried again in half a minute")]
    private partial void LogFailed(Exception e, string what);

    [LoggerMessage(6001, LogLevel.Debug, "the clock stops")]
    private partial void LogEnds();
}
