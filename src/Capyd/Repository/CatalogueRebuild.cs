using Capyd.Postgres.Wal;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Wal;
using Capyd.Wal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capyd.Repository;

/// <summary>Brings the rows of base backups, WAL and backups of projects to what the repository says of itself.</summary>
internal sealed class CatalogueRebuild(KeptRepository repository, MetadataDatabase metadata, DataDirectory directories, TimeProvider clock)
{
    private const string LostManifest = "its manifest is not in the repository any more, or damaged";

    public async Task<RebuildReport> RunAsync(CancellationToken cancellation)
    {
        await repository.Chunks.RebuildCatalogueAsync(cancellation);
        var added = await metadata.WriteAsync(AddBackups, cancellation);
        var lost = await metadata.WriteAsync(MarkLost, cancellation);
        var (files, gone) = (0, 0);
        foreach (var lineage in await repository.Wal.LineagesAsync(cancellation))
        {
            files += await NoteAsync(lineage, cancellation);
            gone += await ForgetAsync(lineage, cancellation);
        }

        var archives = new ArchiveRows(repository.Objects, clock);
        var dumps = await archives.AddAsync(metadata, cancellation);
        return new RebuildReport(added, lost, files, gone, [.. repository.Unreadable, .. archives.Damaged]) { Backups = dumps, Unclaimed = archives.Unclaimed };
    }

    private int AddBackups(MetadataTransaction tx)
    {
        var missing = repository.Backups.Where(backup => BaseBackupStore.FindByName(tx, backup.Name) is null).ToList();
        foreach (var backup in missing)
        {
            BaseBackupStore.Insert(tx, backup.Facts.ToRow(backup.Header));
        }

        return missing.Count;
    }

    private int MarkLost(MetadataTransaction tx)
    {
        var lost = BaseBackupStore.List(tx).Where(row => row is { State: "completed", VerificationState: not "failed" } && repository.Backups.All(kept => kept.Name != row.Name)).ToList();
        foreach (var row in lost)
        {
            BaseBackupStore.SetVerification(tx, row.Id, "failed", LostManifest, clock.GetUtcNow());
        }

        return lost.Count;
    }

    private Task<int> NoteAsync(WalLineage lineage, CancellationToken cancellation)
    {
        var archive = new WalArchive(repository.Wal, new WalLedger(clock, NullLogger<WalLedger>.Instance), metadata, directories);
        return new WalReconciliation(repository.Wal, archive, metadata, NullLogger<WalReconciliation>.Instance).RunAsync(lineage, cancellation);
    }

    /// <summary>What is not there is a gap from now on.</summary>
    private async Task<int> ForgetAsync(WalLineage lineage, CancellationToken cancellation)
    {
        var there = (await repository.Wal.ListAsync(lineage, cancellation)).ToHashSet();
        return await metadata.WriteAsync(tx =>
        {
            var ranges = WalLedger.Ranges(tx, lineage.System);
            var gone = new WalCheck(KeptLog.Of(repository.Wal, lineage, there)).Missing(ranges).ToList();
            foreach (var segment in gone)
            {
                WalSegmentStore.Delete(tx, lineage.System.ToString(), segment.ToString(), isPartial: false);
                ranges = Without(ranges, segment);
                new WalLedger(clock, NullLogger<WalLedger>.Instance).AddGap(tx, lineage, segment.Timeline, (segment.Start, segment.End, $"{segment} is not in the repository any more."));
            }

            if (gone.Count > 0 && WalArchiveStore.Find(tx, lineage.System.ToString()) is { } row)
            {
                WalArchiveStore.Put(tx, row with { Ranges = ranges.ToString(), UpdatedAt = clock.GetUtcNow() });
            }

            return gone.Count;
        }, cancellation);
    }

    private static WalRanges Without(WalRanges ranges, WalSegmentName segment) => ranges.Timelines
        .SelectMany(timeline => ranges.Of(timeline).SelectMany(piece => timeline == segment.Timeline ? Cut(piece, segment) : [piece]).Select(piece => (timeline, piece)))
        .Aggregate(WalRanges.Empty(ranges.System), (all, one) => all.Add(one.timeline, one.piece));

    private static IEnumerable<WalRange> Cut(WalRange piece, WalSegmentName segment)
    {
        if (piece.From >= segment.End || piece.To <= segment.Start)
        {
            return [piece];
        }

        WalRange[] rest = [new(piece.From, segment.Start), new(segment.End, piece.To)];
        return rest.Where(part => part.From < part.To);
    }
}
