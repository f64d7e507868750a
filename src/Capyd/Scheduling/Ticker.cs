using Capyd.Cluster;

namespace Capyd.Scheduling;

/// <summary>What happens by the clock: every half minute each of these looks at what is due. One that fails does not hold up the others.</summary>
internal sealed partial class Ticker(
    IEnumerable<IDueWork> works, PostgresServer server, LoopHealth health, TimeProvider clock, ILogger<Ticker> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>One piece of work may remove many files or look at a thousand projects.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, RepeatedProblem> _problems = works.ToDictionary(work => work.Name, _ => new RepeatedProblem(clock));

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
            _problems[work.Name].Forget();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (_problems[work.Name].Meet(e) is { } times)
            {
                LogFailed(e, work.Name, times);
            }
        }
    }

    [LoggerMessage(6000, LogLevel.Error, "looking after {What} failed ({Times} times since this was said last); it is tried again in half a minute, and said again in an hour")]
    private partial void LogFailed(Exception e, string what, int times);

    [LoggerMessage(6001, LogLevel.Debug, "the clock stops")]
    private partial void LogEnds();
}
