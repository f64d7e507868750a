using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>What happens to the stream of WAL.</summary>
public abstract record WalReceiverEvent
{
    private WalReceiverEvent()
    {
    }

    /// <summary>How far the receiver is; comes with every probe.</summary>
    public sealed record Progress(SlotState Slot) : WalReceiverEvent;

    /// <summary>The receiver runs.</summary>
    public sealed record Started : WalReceiverEvent;

    /// <summary>The receiver of an earlier daemon was still running and was ended.</summary>
    public sealed record EndedLeftover(int ProcessId) : WalReceiverEvent;

    /// <summary>There was no slot. WAL older than this position may be missing: compare with what the archive has.</summary>
    /// <param name="DroppedBehindOurBack">It was there before, in this run.</param>
    public sealed record SlotCreated(Lsn From, bool DroppedBehindOurBack) : WalReceiverEvent;

    /// <summary>The receiver ended, or could not start; it is tried again.</summary>
    public sealed record Interrupted(string Reason, TimeSpan RetryIn) : WalReceiverEvent;

    /// <summary>The server has more, but nothing arrived for the limit; the receiver is started anew.</summary>
    public sealed record Stalled(SlotState Slot) : WalReceiverEvent;

    /// <summary>The server no longer has what comes next. The chain is broken until <see cref="WalReceiver.ReanchorAsync"/>
    /// and a new base backup; <see cref="WalReceiver.RunAsync"/> returns after this.</summary>
    public sealed record ChainBroken(string Reason) : WalReceiverEvent;

    /// <summary>The server at this address is another cluster. <see cref="WalReceiver.RunAsync"/> returns after this.</summary>
    public sealed record OtherCluster(WalLineage Found) : WalReceiverEvent;
}
