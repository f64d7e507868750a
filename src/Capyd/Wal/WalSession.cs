using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>Follows one server until the chain breaks, another server is there, or the guardian pulls the leash.</summary>
internal sealed partial class WalSession(WalReceiver receiver, Spool spool, SpoolTender tender, WalParts parts, ILogger logger)
{
    private WalReceiverEvent? _last;
    private string? _told;

    /// <returns>Why it ended.</returns>
    public async Task<WalReceiverEvent?> RunAsync(CancellationToken cancellation)
    {
        if (parts.Gaps.IsOpenEnded(spool.Lineage))
        {
            await AnchorAsync(cancellation);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var stream = receiver.RunAsync(Report, stop.Token);
        var tending = tender.RunAsync(stop.Token);
        await Task.WhenAny(stream, tending);
        await stop.CancelAsync();
        await tending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stream;
        cancellation.ThrowIfCancellationRequested();
        if (tending.IsFaulted)
        {
            await tending;
        }

        if (_last is WalReceiverEvent.ChainBroken broken)
        {
            await BreakAsync(broken.Reason, cancellation);
        }

        return _last;
    }

    /// <summary>Keeps what there is, and writes down that from there on something is missing; the next session anchors anew.</summary>
    private async Task BreakAsync(string reason, CancellationToken cancellation)
    {
        await spool.EmptyAsync(cancellation);
        var timeline = parts.State.Timeline ?? new TimelineId(1);
        var end = parts.Gaps.EndOf(spool.Lineage, timeline) ?? parts.State.ReceivedTo ?? default;
        await parts.Gaps.OpenAsync(spool.Lineage, timeline, (end, reason), cancellation);
        FaultPoint.Reach("wal_gap.open");
    }

    private async Task AnchorAsync(CancellationToken cancellation)
    {
        await receiver.EndLeftoversAsync(cancellation);
        await spool.EmptyAsync(cancellation);
        var from = await receiver.ReanchorAsync(cancellation);
        FaultPoint.Reach("wal_gap.anchored");
        parts.State.StartOver();
        LogAnchored(from);
    }

    private void Report(WalReceiverEvent e)
    {
        _last = e;
        switch (e)
        {
            case WalReceiverEvent.Progress { Slot: var slot }:
                parts.State.Saw(slot, parts.Clock.GetUtcNow());
                Tell(parts.State.IsStreaming ? "" : _told);
                break;
            case WalReceiverEvent.Started:
                parts.State.Starts();
                break;
            case WalReceiverEvent.EndedLeftover { ProcessId: var pid }:
                LogLeftover(pid);
                break;
            case WalReceiverEvent.SlotCreated { DroppedBehindOurBack: true, From: var from }:
                LogSlotDropped(from);
                break;
            case WalReceiverEvent.Interrupted { Reason: var reason }:
                parts.State.Stopped(reason);
                Tell(reason);
                break;
            case WalReceiverEvent.Stalled { Slot: var slot }:
                LogStalled(slot.LagBytes);
                break;
            case WalReceiverEvent.ChainBroken { Reason: var reason }:
                parts.State.Stopped(reason);
                LogBroken(reason);
                break;
        }
    }

    /// <summary>Says each state once.</summary>
    private void Tell(string? reason)
    {
        if (reason == _told || reason is null)
        {
            return;
        }

        _told = reason;
        if (reason.Length == 0)
        {
            LogStreams(spool.Lineage.System);
        }
        else
        {
            LogInterrupted(reason);
        }
    }

    [LoggerMessage(9030, LogLevel.Information, "the WAL of server {System} is streamed")]
    private partial void LogStreams(SystemIdentifier system);

    [LoggerMessage(9031, LogLevel.Warning, "WAL is not streamed for now: {Reason}")]
    private partial void LogInterrupted(string reason);

    [LoggerMessage(9032, LogLevel.Error, "the chain of WAL is broken: {Reason}")]
    private partial void LogBroken(string reason);

    [LoggerMessage(9033, LogLevel.Warning, "the receiver stood still while the server was {Bytes} bytes ahead, and is started anew")]
    private partial void LogStalled(ulong bytes);

    [LoggerMessage(9034, LogLevel.Warning, "somebody dropped the replication slot; it was made again, and the server keeps WAL from {From} on")]
    private partial void LogSlotDropped(Lsn from);

    [LoggerMessage(9035, LogLevel.Information, "ended the receiver, process {ProcessId}, that an earlier capyd left running")]
    private partial void LogLeftover(int processId);

    [LoggerMessage(9036, LogLevel.Information, "WAL is received anew from {From} on")]
    private partial void LogAnchored(Lsn from);
}
