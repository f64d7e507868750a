using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Wal;

namespace Capyd.Wal;

/// <summary>Gaps as they are found and ended.</summary>
internal sealed class WalGaps(WalLedger ledger, MetadataDatabase metadata)
{
    public bool IsOpenEnded(WalLineage lineage) => metadata.Read(session => WalGapStore.FindUnfinished(session, lineage.System.ToString())) is not null;

    /// <summary>Nothing from this position on is here, and it is not known until when.</summary>
    public Task OpenAsync(WalLineage lineage, TimelineId timeline, (Lsn From, string Reason) gap, CancellationToken cancellation) =>
        metadata.WriteAsync(tx => ledger.OpenGap(tx, lineage, timeline, gap), cancellation);

    /// <summary>A segment that will never be kept.</summary>
    public Task AddAsync(WalLineage lineage, WalSegmentName segment, string reason, CancellationToken cancellation) =>
        metadata.WriteAsync(tx => ledger.AddGap(tx, lineage, segment.Timeline, (segment.Start, segment.End, reason)), cancellation);

    /// <summary>WAL arrives again.</summary>
    public Task EndAsync(WalLineage lineage, WalSegmentName arrived, CancellationToken cancellation) =>
        metadata.WriteAsync(tx => ledger.EndGap(tx, lineage, arrived), cancellation);

    /// <summary>Where what is kept of a timeline ends; null when nothing is.</summary>
    public Lsn? EndOf(WalLineage lineage, TimelineId timeline) => metadata.Read(session => WalLedger.Ranges(session, lineage.System)).Of(timeline) is [.., var last] ? last.To : null;

    public Task BeginAsync(WalLineage lineage, CancellationToken cancellation) => metadata.WriteAsync(tx => ledger.Begin(tx, lineage), cancellation);
}
