using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>Lets the server remove the WAL that it keeps for capyd, and writes down what is lost by it. Each step is tried until it is done.</summary>
internal sealed partial class SlotSurrender(WalParts parts, DataDirectory directories, CapydOptions options, ILogger<SlotSurrender> logger)
{
    private string? _unrecorded;

    public Task<WalDisks> DisksAsync(PostgresCluster cluster, CancellationToken cancellation) => WalDisks.ReadAsync(cluster, directories, cancellation);

    public void Begin(string reason) => _unrecorded = reason;

    /// <summary>The server's disk does not wait for capyd's: the slot goes even when nothing can be written down.</summary>
    /// <returns>Whether everything is done.</returns>
    public async Task<bool> FinishAsync(PostgresCluster cluster, bool hasSlot, CancellationToken cancellation)
    {
        var recorded = await RecordAsync(cluster, cancellation);
        if (hasSlot)
        {
            await new ReplicationSlot(cluster, options.Pitr.Slot).DropAsync(cancellation);
            await ServerDisk.CheckpointAsync(cluster, cancellation);
        }

        return recorded;
    }

    private async Task<bool> RecordAsync(PostgresCluster cluster, CancellationToken cancellation)
    {
        if (_unrecorded is not { } reason)
        {
            return true;
        }

        try
        {
            var lineage = parts.State.Lineage ?? await WalLineage.ReadAsync(cluster, cancellation);
            var timeline = parts.State.Timeline ?? parts.Archive.NewestTimeline(lineage);
            await parts.Gaps.OpenAsync(lineage, timeline, (parts.State.ReceivedTo ?? parts.Gaps.EndOf(lineage, timeline) ?? default, reason), cancellation);
            _unrecorded = null;
            return true;
        }
        catch (Exception e) when (e is MetadataException or IOException)
        {
            LogUnrecorded(e.Message);
            return false;
        }
    }

    [LoggerMessage(9085, LogLevel.Error, "the gap cannot be written down yet: {Problem}")]
    private partial void LogUnrecorded(string problem);
}
