using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commands;
using Capyd.Postgres.Wal.Commits;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Wal;
using Capyd.Wal;

namespace Capyd.Recovery;

/// <summary>The kept WAL as planning sees it: rows, and segments that are read only where a moment falls.</summary>
internal sealed class KeptWal(WalArchive archive, WalState state, MetadataDatabase metadata, ServerPulse pulse) : IKeptWal
{
    /// <summary>Until the server has been seen, the one that was followed last.</summary>
    public WalLineage? Lineage => state.Lineage ?? (state.Enabled ? metadata.Read(LastFollowed) : null);

    public string? Problem => state.Problem;

    public TimelineId? Timeline => state.Timeline;

    public TransactionEnd? LastCommit => state.LastCommit;

    public TimeSpan? Exposure => pulse.Exposure;

    public WalRanges Ranges(WalLineage lineage) => archive.Ranges(lineage.System);

    public IReadOnlyList<RecoveryBase> Bases(WalLineage lineage) =>
        metadata.Read(session => BaseBackupStore.ListUsable(session, lineage.System.ToString())).Select(RecoveryBase.Of).ToList();

    public IReadOnlyList<KeptGap> Gaps(WalLineage lineage) => metadata.Read(session => WalGapStore.List(session, lineage.System.ToString()))
        .Select(row => new KeptGap(new TimelineId((uint)row.Timeline), Lsn.Parse(row.FromLsn), row.ToLsn is { } to ? Lsn.Parse(to) : null, row.Reason, row.RecordedAt))
        .ToList();

    public Task<TimelineHistory> HistoryAsync(WalLineage lineage, TimelineId timeline, CancellationToken cancellation) =>
        archive.HistoryAsync(lineage, timeline, cancellation);

    public IReadOnlyList<SegmentCommits> Commits(WalLineage lineage, TimelineHistory history, Lsn from, Lsn to) => archive.Commits(lineage, history, from, to);

    public async Task<KeptTail?> ReadAsync(WalLineage lineage, WalSegmentName segment, WalSegmentName? before, CancellationToken cancellation)
    {
        if (await archive.LookAsync(lineage, WalFileName.Of(segment), cancellation) is not WalLookup.Found found)
        {
            return null;
        }

        await using var content = found.Content;
        var scanner = new WalScanner(lineage);
        if (before is { } previous && previous.Number + 1 == segment.Number)
        {
            await using var lead = await OpenAsync(lineage, previous, cancellation);
            await scanner.ReadAsync(previous, lead, cancellation);
        }

        var scan = await (found.Partial ? scanner.ReadPartialAsync(segment, content, cancellation) : scanner.ReadAsync(segment, content, cancellation));
        return new KeptTail(scan.Commits, found.Partial ? scan.ContentEnd : segment.End, !found.Partial);
    }

    public Task<CommitNeighbours> AroundAsync(
        WalLineage lineage, IReadOnlyList<SegmentCommits> segments, DateTimeOffset at, WalSegmentName? growing, CancellationToken cancellation) =>
        CommitTimes.AroundAsync(segments, at, lineage, (segment, token) => OpenAsync(lineage, segment, token), cancellation, growing);

    public async Task<TransactionEnd?> FirstCommitAsync(WalLineage lineage, WalSegmentName segment, Lsn from, CancellationToken cancellation)
    {
        if (await archive.LookAsync(lineage, WalFileName.Of(segment), cancellation) is not WalLookup.Found found)
        {
            return null;
        }

        TransactionEnd? first = null;
        await using var content = found.Content;
        var scanner = new WalScanner(lineage) { Visit = end => first ??= end.Committed && end.Lsn >= from ? end : null };
        await scanner.ReadPartialAsync(segment, content, cancellation);
        return first;
    }

    public Task<DateTimeOffset?> CatchUpAsync(DateTimeOffset wanted, CancellationToken cancellation) => pulse.CatchUpAsync(wanted, cancellation);

    private static WalLineage? LastFollowed(MetadataSession session) => WalArchiveStore.List(session) is [var row, ..]
        ? new WalLineage(SystemIdentifier.Parse(row.SystemIdentifier), row.Major, new WalSegmentSize(row.SegmentBytes))
        : null;

    private async Task<Stream> OpenAsync(WalLineage lineage, WalSegmentName segment, CancellationToken cancellation) =>
        await archive.LookAsync(lineage, WalFileName.Of(segment), cancellation) is WalLookup.Found found
            ? found.Content
            : throw new WalRejectedException(segment.ToString(), $"it is not there any more; WAL is missing from {segment.Start} to {segment.End}.");
}
