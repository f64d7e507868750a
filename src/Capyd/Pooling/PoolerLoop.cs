using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Pooler;
using Capyd.Postgres.Tools;

namespace Capyd.Pooling;

/// <summary>Keeps the pooler running and told of what changes; tries again with growing delays when it ends.</summary>
internal sealed partial class PoolerLoop(PoolerSetup setup, PoolerPlan plan, PoolerState state, PostgresServer server, CapydOptions options, TimeProvider clock, ILogger<PoolerLoop> logger)
    : IBackgroundLoop
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GoodWhile = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken stopping)
    {
        PgBouncer? pooler = null;
        try
        {
            await server.WaitUntilAnsweringAsync(stopping);
            if (options.Pooler.Enabled == "false")
            {
                await StopAsync(setup.Build("pgbouncer"));
                return;
            }

            for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
            {
                var started = clock.GetTimestamp();
                var (word, problem) = await TryAsync(() => ServeAsync(pooler = setup.Build(), stopping));
                Note(word, problem);
                delay = clock.GetElapsedTime(started) > GoodWhile ? FirstDelay : delay;
                await Task.Delay(delay, clock, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await StopAsync(pooler);
        }
    }

    /// <summary>Returns when the pooler has ended.</summary>
    private async Task<string> ServeAsync(PgBouncer pooler, CancellationToken stopping)
    {
        var databases = await plan.ReadAsync(stopping);
        if (await pooler.StartAsync(databases, stopping))
        {
            LogAdopted();
        }

        state.Serving(0, databases.Select(Names));
        LogServes(options.Pooler.Listen, options.Pooler.Port, databases.Count);
        state.Ask();
        while (true)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var asked = state.NextAskedAsync(ended.Token);
            if (await Task.WhenAny(asked, pooler.Ended) == pooler.Ended)
            {
                await ended.CancelAsync();
                return await pooler.Ended;
            }

            await RefreshAsync(pooler, await asked, stopping);
        }
    }

    /// <summary>What cannot be read or applied now is left as it is until the next look, at most half a minute away.</summary>
    private async Task RefreshAsync(PgBouncer pooler, long wanted, CancellationToken stopping)
    {
        try
        {
            var databases = await plan.ReadAsync(stopping);
            if (await pooler.ApplyAsync(databases, stopping))
            {
                LogReloaded(databases.Count);
            }

            state.Serving(wanted, databases.Select(Names));
        }
        catch (Exception e) when (IsExpected(e))
        {
            LogStale(e.Message);
            state.Stale(wanted, e.Message);
        }
    }

    private static async Task<(string Word, string Problem)> TryAsync(Func<Task<string>> serve)
    {
        try
        {
            return ("down", await serve());
        }
        catch (ToolMissingException e)
        {
            return ("not installed", e.Message);
        }
        catch (Exception e) when (IsExpected(e))
        {
            return ("down", e.Message);
        }
    }

    private static bool IsExpected(Exception e) =>
        e is PoolerFailedException or PostgresFailedException or ToolFailedException or ToolMissingException or CapydException or MetadataException or IOException or UnauthorizedAccessException;

    private void Note(string word, string problem)
    {
        if (state.Component is not { } known || known.Message != problem)
        {
            LogDown(problem);
        }

        state.NotServing(options.Pooler.Enabled == "true" ? "down" : word, problem);
    }

    private async Task StopAsync(PgBouncer? pooler)
    {
        var (_, problem) = await TryAsync(async () =>
        {
            await (pooler?.StopAsync() ?? Task.CompletedTask);
            return "stopped";
        });
        LogStopped(problem);
    }

    private static (string, string) Names(PooledDatabase database) => (database.Name.ToString(), database.Role.ToString());

    [LoggerMessage(7000, LogLevel.Information, "the connection pooler serves {Databases} databases on {Listen}, port {Port}")]
    private partial void LogServes(string listen, int port, int databases);

    [LoggerMessage(7001, LogLevel.Information, "took over the pooler that an earlier capyd left running")]
    private partial void LogAdopted();

    [LoggerMessage(7002, LogLevel.Information, "the pooler has taken a new configuration with {Databases} databases")]
    private partial void LogReloaded(int databases);

    [LoggerMessage(7003, LogLevel.Error, "the pooler goes on with what it had: {Problem}")]
    private partial void LogStale(string problem);

    [LoggerMessage(7004, LogLevel.Warning, "no pooled connections: {Problem}")]
    private partial void LogDown(string problem);

    [LoggerMessage(7005, LogLevel.Debug, "the pooler ends: {Problem}")]
    private partial void LogStopped(string problem);
}
