using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>Follows the server's WAL for as long as the daemon runs: through restarts, other timelines and other servers.</summary>
internal sealed partial class WalFollower(WalParts parts, WalStart start, WalLeash leash, PostgresServer server, CapydOptions options, ILogger<WalFollower> logger)
    : IBackgroundLoop
{
    private static readonly TimeSpan AfterSession = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhileOff = TimeSpan.FromSeconds(30);
    private string? _told;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await server.WaitUntilAnsweringAsync(stopping);
                if (options.Pitr.Enabled == "false")
                {
                    await RetireAsync(stopping);
                    return;
                }

                await leash.WhenFreeAsync(stopping);
                await Task.Delay(await FollowAsync(stopping), parts.Clock, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogEnds();
        }
    }

    /// <returns>How long to wait until the next try.</returns>
    private async Task<TimeSpan> FollowAsync(CancellationToken stopping)
    {
        try
        {
            if (await WalStart.MissingAsync(server.Capabilities.Cluster, stopping) is { } missing)
            {
                Tell(missing);
                parts.State.Off(missing);
                return WhileOff;
            }

            using var held = CancellationTokenSource.CreateLinkedTokenSource(stopping, leash.Pulled);
            var session = await start.SessionAsync(server.Capabilities.Cluster, held.Token);
            var end = await session.RunAsync(held.Token);
            if (end is WalReceiverEvent.OtherCluster { Found: var found })
            {
                LogOther(found.System);
            }

            return AfterSession;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            parts.State.Stopped(leash.Reason ?? "it is held back");
            return TimeSpan.Zero;
        }
        catch (Exception e) when (IsExpected(e))
        {
            Tell(e.Message);
            parts.State.Stopped(e.Message);
            return AfterFailure;
        }
    }

    /// <summary>Switched off, nobody would take what the slot keeps, and the server's disk would fill up.</summary>
    private async Task RetireAsync(CancellationToken stopping)
    {
        try
        {
            await start.RetireAsync(server.Capabilities.Cluster, stopping);
        }
        catch (Exception e) when (IsExpected(e))
        {
            LogNotRetired(options.Pitr.Slot, e.Message);
        }
    }

    private static bool IsExpected(Exception e) => e is PostgresFailedException or ToolFailedException or ToolMissingException or CapydException
        or MetadataException or IOException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException;

    private void Tell(string problem)
    {
        if (_told != problem)
        {
            LogNotFollowed(problem);
        }

        _told = problem;
    }

    [LoggerMessage(9060, LogLevel.Warning, "WAL is not followed: {Problem}")]
    private partial void LogNotFollowed(string problem);

    [LoggerMessage(9061, LogLevel.Warning, "another server is there: {System}. Its WAL is kept apart")]
    private partial void LogOther(SystemIdentifier system);

    [LoggerMessage(9062, LogLevel.Error, "the replication slot {Slot} could not be dropped, and makes the server keep WAL: {Problem} Drop it by SELECT pg_drop_replication_slot")]
    private partial void LogNotRetired(string slot, string problem);

    [LoggerMessage(9063, LogLevel.Debug, "following WAL ends")]
    private partial void LogEnds();
}
