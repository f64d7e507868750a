using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Wal;

/// <summary>Keeps pg_receivewal running: what the server has flushed is in the spool a moment later. Whole segments are on the disk then; the
/// one that grows is when it was read (<see cref="SegmentArchiver.TailAsync"/>), or at once where commits wait for it.</summary>
public sealed class WalReceiver(WalReceiverSettings settings, PostgresCluster cluster, PostgresInstallation installation, ToolRunner runner)
{
    private readonly ReplicationSlot _slot = new(cluster, settings.SlotName);
    private readonly StallWatch _stall = new(settings.StallLimit, runner.Clock);
    private bool _slotSeen;
    private bool _awaited;

    /// <summary>Streams until cancelled, or until the stream cannot go on without a decision
    /// (<see cref="WalReceiverEvent.ChainBroken"/>, <see cref="WalReceiverEvent.OtherCluster"/>).</summary>
    /// <param name="report">Called one at a time; must not throw.</param>
    /// <exception cref="ToolMissingException">pg_receivewal is not installed.</exception>
    public async Task RunAsync(Action<WalReceiverEvent> report, CancellationToken cancellationToken)
    {
        var delay = settings.FirstDelay;
        while (!cancellationToken.IsCancellationRequested)
        {
            var started = runner.Clock.GetTimestamp();
            var end = await AttemptAsync(report, delay, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            report(end);
            if (end is not WalReceiverEvent.Interrupted)
            {
                return;
            }

            delay = runner.Clock.GetElapsedTime(started) > settings.LongestDelay ? settings.FirstDelay : delay;
            await Task.Delay(delay, runner.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < settings.LongestDelay ? delay * 2 : settings.LongestDelay;
        }
    }

    /// <summary>Ends receivers of the same spool that an earlier daemon left running.</summary>
    public Task EndLeftoversAsync(CancellationToken cancellationToken) =>
        ReceiverProcesses.EndAsync(settings.SpoolDirectory, runner.Clock, cancellationToken);

    /// <summary>After a broken chain, and while <see cref="RunAsync"/> is not running: makes a new slot from now on. First hand
    /// everything in the spool to the archive (<see cref="SegmentArchiver.EmptyAsync"/>): what lies there would be asked for again.</summary>
    /// <returns>Where the new chain begins; a base backup that starts later makes it usable.</returns>
    /// <exception cref="InvalidOperationException">The spool is not empty.</exception>
    public async Task<Lsn> ReanchorAsync(CancellationToken cancellationToken)
    {
        await ReceiverProcesses.EndAsync(settings.SpoolDirectory, runner.Clock, cancellationToken);
        if (Directory.Exists(settings.SpoolDirectory) && Directory.EnumerateFiles(settings.SpoolDirectory).Any())
        {
            throw new InvalidOperationException($"{settings.SpoolDirectory} still holds WAL; archive it first.");
        }

        await _slot.DropAsync(cancellationToken);
        await _slot.CreateAsync(cancellationToken);
        _slotSeen = true;
        return (await _slot.ReadAsync(cancellationToken))?.RestartLsn
            ?? throw new PostgresFailedException($"The replication slot {_slot.Name} vanished while it was made.", null, RetryClass.Transient);
    }

    /// <summary>One life of the receiver.</summary>
    private async Task<WalReceiverEvent> AttemptAsync(Action<WalReceiverEvent> report, TimeSpan retryIn, CancellationToken cancellationToken)
    {
        try
        {
            return await PrepareAsync(report, cancellationToken) ?? await StreamAsync(report, retryIn, cancellationToken);
        }
        catch (PostgresFailedException e)
        {
            return new WalReceiverEvent.Interrupted(e.Message, retryIn);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new WalReceiverEvent.Interrupted("It was stopped.", TimeSpan.Zero);
        }
    }

    /// <returns>Null when streaming can begin.</returns>
    private async Task<WalReceiverEvent?> PrepareAsync(Action<WalReceiverEvent> report, CancellationToken cancellationToken)
    {
        foreach (var pid in await ReceiverProcesses.EndAsync(settings.SpoolDirectory, runner.Clock, cancellationToken))
        {
            report(new WalReceiverEvent.EndedLeftover(pid));
        }

        var found = await WalLineage.ReadAsync(cluster, cancellationToken);
        if (found != settings.Lineage)
        {
            return new WalReceiverEvent.OtherCluster(found);
        }

        await OwnedDirectory.CreateAsync(runner, settings.SpoolDirectory, cluster.Endpoint.ToolUser, cancellationToken);
        _awaited = await IsAwaitedAsync(cancellationToken);
        HalfMadeSegments.Remove(settings.SpoolDirectory, settings.Lineage.SegmentSize);
        return await EnsureSlotAsync(report, cancellationToken);
    }

    /// <summary>Until it streams nobody can tell whether a name is meant for it, so that any name counts.</summary>
    private Task<bool> IsAwaitedAsync(CancellationToken cancellationToken) => cluster.UseAsync(
        null,
        "read synchronous_standby_names",
        connection => connection.ScalarAsync<bool>("SELECT pg_catalog.current_setting('synchronous_standby_names') <> ''", cancellationToken),
        cancellationToken);

    private async Task<WalReceiverEvent?> EnsureSlotAsync(Action<WalReceiverEvent> report, CancellationToken cancellationToken)
    {
        var slot = await _slot.ReadAsync(cancellationToken);
        if (slot is null)
        {
            await _slot.CreateAsync(cancellationToken);
            slot = await _slot.ReadAsync(cancellationToken);
            report(new WalReceiverEvent.SlotCreated(slot?.RestartLsn ?? default, _slotSeen));
        }

        _slotSeen = true;
        return slot is { Lost: true }
            ? new WalReceiverEvent.ChainBroken($"the server removed WAL that the replication slot {_slot.Name} still needed (max_slot_wal_keep_size).")
            : null;
    }

    private async Task<WalReceiverEvent> StreamAsync(Action<WalReceiverEvent> report, TimeSpan retryIn, CancellationToken cancellationToken)
    {
        report(new WalReceiverEvent.Started());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = runner.RunAsync(ReceiveWal.Command(settings, cluster.Endpoint, installation, _awaited), ToolStreams.None, stop.Token);
        var watch = WatchAsync(report, stop.Token);
        await Task.WhenAny(run, watch);
        await stop.CancelAsync();
        var seen = await watch;
        try
        {
            return ReceiveWal.Explain((await run).StderrTail, retryIn);
        }
        catch (OperationCanceledException) when (seen is { IsAwaited: true } && !_awaited)
        {
            return new WalReceiverEvent.Interrupted("commits wait for it now (synchronous_standby_names), and it is to confirm every write at once.", retryIn);
        }
        catch (OperationCanceledException) when (seen is not null)
        {
            report(new WalReceiverEvent.Stalled(seen));
            return new WalReceiverEvent.Interrupted(
                $"nothing arrived for {settings.StallLimit.TotalSeconds:0} s although the server was {seen.LagBytes} bytes ahead.", retryIn);
        }
    }

    /// <returns>Only when the stream stalled, or commits began to wait for it, or it was ended from outside (null).</returns>
    private async Task<SlotState?> WatchAsync(Action<WalReceiverEvent> report, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(settings.ProbeInterval, runner.Clock, cancellationToken);
                if (await ProbeAsync(cancellationToken) is { } slot)
                {
                    report(new WalReceiverEvent.Progress(slot));
                    if (_stall.Observe(slot) || (slot.IsAwaited && !_awaited))
                    {
                        return slot;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <returns>Null when the server does not answer; then the receiver ends by itself, and says why.</returns>
    private async Task<SlotState?> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _slot.ReadAsync(cancellationToken);
        }
        catch (PostgresFailedException)
        {
            return null;
        }
    }
}
