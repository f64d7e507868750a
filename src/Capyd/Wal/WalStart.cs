using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>What has to be right, and is put together, before a server is followed.</summary>
internal sealed class WalStart(WalParts parts, WalReconciliation reconciliation, OldSpools oldSpools, CapydOptions options, DataDirectory directories, ILogger<WalStart> logger)
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(2);
    private SystemIdentifier? _begun;

    /// <returns>What the server lacks, with the cure; null when nothing.</returns>
    public static async Task<string?> MissingAsync(PostgresCluster cluster, CancellationToken cancellation)
    {
        var missing = (await WalPrerequisites.CheckAsync(cluster, cancellation)).ToList();
        if (missing.Count == 0 && await ReplicationAccess.CheckAsync(cluster, cancellation) is { } refused)
        {
            missing.Add(refused);
        }

        return missing.Count == 0 ? null : string.Join(' ', missing.Select(lack => $"{lack.Problem} {lack.Mend}"));
    }

    public async Task<WalSession> SessionAsync(PostgresCluster cluster, CancellationToken cancellation)
    {
        var lineage = await WalLineage.ReadAsync(cluster, cancellation);
        parts.State.Follows(lineage);
        if (_begun != lineage.System)
        {
            await BeginAsync(lineage, cancellation);
        }

        var spool = new Spool(lineage, parts, logger);
        var settings = new WalReceiverSettings(spool.Directory, lineage, options.Pitr.Slot) { ProbeInterval = ProbeInterval };
        var installation = PostgresBinaries.Discover(options.Postgres.BinDir).ForServer(lineage.Major);
        var receiver = new WalReceiver(settings, cluster, installation, new ToolRunner(parts.Clock));
        var slot = new ReplicationSlot(cluster, options.Pitr.Slot);
        return new WalSession(receiver, spool, new SpoolTender(spool, slot, cluster, parts, logger), parts, logger);
    }

    /// <summary>Drops the slot, and writes down that WAL is missing from here on if any was kept before.</summary>
    public async Task RetireAsync(PostgresCluster cluster, CancellationToken cancellation)
    {
        var slot = new ReplicationSlot(cluster, options.Pitr.Slot);
        if (await slot.ReadAsync(cancellation) is null)
        {
            return;
        }

        var lineage = await WalLineage.ReadAsync(cluster, cancellation);
        if (parts.Archive.Ranges(lineage.System).Timelines.LastOrDefault() is { Value: > 0 } timeline)
        {
            await parts.Gaps.OpenAsync(lineage, timeline, (parts.Gaps.EndOf(lineage, timeline) ?? default, "Following WAL was switched off (pitr.enabled)."), cancellation);
        }

        await slot.DropAsync(cancellation);
    }

    private async Task BeginAsync(WalLineage lineage, CancellationToken cancellation)
    {
        directories.CreateWalSpool();
        await parts.Gaps.BeginAsync(lineage, cancellation);
        await reconciliation.RunAsync(lineage, cancellation);
        await oldSpools.KeepAsync(lineage, cancellation);
        parts.State.Saw(parts.Archive.NewestTimeline(lineage), parts.Archive.LastCommit(lineage));
        _begun = lineage.System;
    }
}
