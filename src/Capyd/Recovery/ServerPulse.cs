using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Wal;

namespace Capyd.Recovery;

/// <summary>How far what is here lags behind the server, and a way to catch up with it.</summary>
internal sealed partial class ServerPulse(PostgresServer server, WalState state, TimeProvider clock, ILogger<ServerPulse> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How much could be lost if the server vanished now; null when nothing was ever received.</summary>
    public TimeSpan? Exposure => state.CaughtUpAt is not { } at ? null
        : state.IsBehind && clock.GetUtcNow() - at is { } behind && behind > TimeSpan.Zero ? behind
        : TimeSpan.Zero;

    /// <summary>Has the server flush what was committed until now, and waits until it is here and was read: what was received but cannot
    /// be read is not known. Right after the start that is when the stream has begun.</summary>
    /// <returns>The moment up to which every commit is here.</returns>
    public async Task<DateTimeOffset?> CatchUpAsync(DateTimeOffset wanted, CancellationToken cancellation)
    {
        if (state.LastCommit?.At > wanted || !state.Enabled || server.Facts is null)
        {
            return state.CaughtUpAt;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            var asked = clock.GetUtcNow();
            var (before, flushed) = await WalFlush.RunAsync(server.Capabilities.Cluster, patience.Token);
            await state.WaitForAsync(flushed, patience.Token);
            await state.WaitForCommitAsync(before, patience.Token);
            return asked;
        }
        catch (Exception e) when (e is PostgresFailedException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            LogBehind(e.Message);
            return state.CaughtUpAt;
        }
    }

    [LoggerMessage(9200, LogLevel.Warning, "the server's newest commits could not be had for a recovery: {Reason}")]
    private partial void LogBehind(string reason);
}
