using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Wal;
using Capyd.Wal;

namespace Capyd.BaseBackups;

/// <summary>Waits for the WAL that was written while a base backup was taken; without it the files are no database (trap 23).</summary>
internal sealed class WalArrival(WalState state, WalArchive archive, PostgresServer server, MetadataDatabase metadata, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when the repository has all of it.</summary>
    /// <exception cref="CapydException">A part of it is lost; another base backup has to be taken.</exception>
    /// <exception cref="TimeoutException">It did not arrive; the base backup itself is whole.</exception>
    public async Task WaitAsync(BaseBackupRow taken, CancellationToken cancellation)
    {
        var needed = new WalRange(Lsn.Parse(taken.StartLsn!), Lsn.Parse(taken.StopLsn!));
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            // Since PostgreSQL 17 the last position lies in the segment that is being written (trap 14).
            await WalSwitch.SwitchAsync(server.Capabilities.Cluster, either.Token);
            await state.HurryAsync(() => WaitUntilKeptAsync(taken, needed, either.Token));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"the base backup is whole, but its WAL from {needed.From} to {needed.To} did not arrive within {Patience.TotalMinutes:0} minutes: "
                + (state.Problem ?? state.ArchiveProblem ?? "the stream is slow"));
        }
    }

    private async Task WaitUntilKeptAsync(BaseBackupRow taken, WalRange needed, CancellationToken cancellation)
    {
        await state.WaitForAsync(needed.To, cancellation);
        while (!IsKept(taken, needed))
        {
            await Task.Delay(BetweenLooks, clock, cancellation);
        }
    }

    private bool IsKept(BaseBackupRow taken, WalRange needed)
    {
        if (metadata.Read(session => WalGapStore.List(session, taken.SystemIdentifier!)).FirstOrDefault(gap => Cuts(gap, taken, needed)) is { } gap)
        {
            throw new CapydException(
                ErrorCode.BackupUnusable,
                $"WAL from {gap.FromLsn} to {gap.ToLsn ?? "an unknown position"} was lost while the base backup was taken, so it cannot be recovered from: {gap.Reason}",
                "capyd takes another one by itself");
        }

        return archive.Ranges(SystemIdentifier.Parse(taken.SystemIdentifier!)).Contains(new TimelineId((uint)taken.Timeline!), needed.From, needed.To);
    }

    private static bool Cuts(WalGapRow gap, BaseBackupRow taken, WalRange needed) =>
        gap.Timeline == taken.Timeline && Lsn.Parse(gap.FromLsn) < needed.To && (gap.ToLsn is not { } to || Lsn.Parse(to) > needed.From);
}
