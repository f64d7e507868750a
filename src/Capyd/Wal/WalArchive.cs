using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commands;
using Capyd.Postgres.Wal.Commits;
using Capyd.Storage.Wal;

namespace Capyd.Wal;

/// <summary>The kept WAL: objects in the repository, and rows beside them that answer without reading it.</summary>
internal sealed class WalArchive(WalRepository repository, WalLedger ledger, MetadataDatabase metadata, DataDirectory directories)
{
    /// <summary>Durable when it returns. The same bytes again change nothing.</summary>
    /// <param name="content">Seekable, at its beginning.</param>
    /// <exception cref="Storage.Repository.ObjectExistsException">Other bytes have this name; they stay.</exception>
    public Task StoreAsync(WalLineage lineage, WalFileName name, Stream content, CancellationToken cancellation) =>
        repository.StoreAsync(lineage, name, content, cancellation);

    /// <summary>Writes down what was stored: row, ranges, and a gap where one shows, in one transaction.</summary>
    public async Task NoteAsync(WalLineage lineage, ArchivedWal archived, CancellationToken cancellation)
    {
        var bytes = archived.Commits is null ? 0 : await repository.StoredBytesAsync(lineage.System, archived.Name, cancellation);
        var history = archived.Name.Kind is WalFileKind.Segment && archived.Name.Timeline.Value > 1
            ? await FindHistoryAsync(lineage, archived.Name.Timeline, cancellation) : null;
        await metadata.WriteAsync(tx => ledger.Note(tx, lineage, archived, (bytes, history)), cancellation);
    }

    /// <summary>The repository first, then the spool, where the segment that is being written lies.</summary>
    public async Task<WalLookup> LookAsync(WalLineage lineage, WalFileName name, CancellationToken cancellation)
    {
        foreach (var (file, partial) in Wanted(name))
        {
            if ((await repository.OpenAsync(lineage.System, file, cancellation) ?? OpenSpooled(lineage, file)) is { } content)
            {
                return new WalLookup.Found(content, partial);
            }
        }

        return name is { Kind: WalFileKind.Segment, Segment: { } segment } && IsHole(Ranges(lineage.System), segment)
            ? new WalLookup.Hole()
            : new WalLookup.NotThere();
    }

    /// <summary>What is kept, whole pieces only; empty for a server that was never followed.</summary>
    public WalRanges Ranges(SystemIdentifier system) => metadata.Read(session => WalLedger.Ranges(session, system));

    /// <exception cref="InvalidDataException">The history file of the timeline is not kept.</exception>
    public async Task<TimelineHistory> HistoryAsync(WalLineage lineage, TimelineId timeline, CancellationToken cancellation) =>
        await FindHistoryAsync(lineage, timeline, cancellation)
        ?? throw new InvalidDataException(
            $"{WalFileName.HistoryOf(timeline)} of the server {lineage.System} is not in the archive, so it is not known how its timeline came about; "
            + "recover to a moment after the next base backup.");

    /// <summary>The index of the whole segments from one position to another, in the order recovery reads them.</summary>
    public IReadOnlyList<SegmentCommits> Commits(WalLineage lineage, TimelineHistory history, Lsn from, Lsn to) => metadata.Read(session =>
        (IReadOnlyList<SegmentCommits>)[.. history.Path(from, to).SelectMany(piece => Rows(session, lineage, history, piece)).Select(row => WalIndex.Read(row, lineage.SegmentSize))]);

    /// <summary>Forgets and removes segments, whole and unfinished ones. Histories stay. What a death leaves is in the rows, and goes the next time.</summary>
    public async Task RemoveAsync(WalLineage lineage, IReadOnlyList<WalSegmentRow> rows, CancellationToken cancellation)
    {
        var segments = rows.Select(row => (row.IsPartial, Name: WalSegmentName.Parse(row.Name, lineage.SegmentSize))).ToList();
        await metadata.WriteAsync(tx => ledger.Forget(tx, lineage, segments.Select(segment => segment.Name)), cancellation);
        FaultPoint.Reach("base_retention.after_ranges");
        foreach (var (isPartial, name) in segments)
        {
            await repository.DeleteAsync(lineage.System, isPartial ? WalFileName.PartialOf(name) : WalFileName.Of(name), cancellation);
        }

        FaultPoint.Reach("base_retention.after_segments");
        await metadata.WriteAsync(tx => segments.ForEach(segment => WalSegmentStore.Delete(tx, lineage.System.ToString(), segment.Name.ToString(), segment.IsPartial)), cancellation);
    }

    /// <summary>The newest one that was seen; 1 for a server that was never followed.</summary>
    public TimelineId NewestTimeline(WalLineage lineage) =>
        new((uint)(metadata.Read(session => WalArchiveStore.Find(session, lineage.System.ToString()))?.Timeline ?? 1));

    /// <summary>The last commit in a segment that is kept.</summary>
    public TransactionEnd? LastCommit(WalLineage lineage) =>
        metadata.Read(session => WalSegmentStore.NewestWithCommits(session, lineage.System.ToString()))?.LastCommit is { } text ? WalIndex.End(text) : null;

    /// <summary>Where the segments of a server arrive before they are kept.</summary>
    public string SpoolOf(SystemIdentifier system) => Path.Combine(directories.WalSpool, system.ToString());

    /// <summary>A segment that was written down and is not there is a hole, too: PostgreSQL must not take it for the end.</summary>
    private static bool IsHole(WalRanges ranges, WalSegmentName segment) =>
        ranges.IsHole(segment) || ranges.Contains(segment.Timeline, segment.Start, segment.End);

    private static IEnumerable<(WalFileName File, bool Partial)> Wanted(WalFileName name) => name is { Kind: WalFileKind.Segment, Segment: { } segment }
        ? [(name, false), (WalFileName.PartialOf(segment), true)]
        : [(name, false)];

    /// <summary>The segment in which a timeline was left is read from the one that was begun there, which repeats it.</summary>
    private static IEnumerable<WalSegmentRow> Rows(MetadataSession session, WalLineage lineage, TimelineHistory history, (TimelineId Timeline, WalRange Range) piece)
    {
        var first = WalSegmentName.Containing(piece.Timeline, piece.Range.From, lineage.SegmentSize);
        var last = WalSegmentName.Containing(piece.Timeline, new Lsn(piece.Range.To.Position - 1), lineage.SegmentSize);
        var left = history.Switches.FirstOrDefault(s => s.Parent == piece.Timeline)?.At;
        return WalSegmentStore.List(session, lineage.System.ToString(), first.ToString(), last.ToString())
            .Where(row => !row.IsPartial && !(left < WalSegmentName.Parse(row.Name, lineage.SegmentSize).End));
    }

    private async Task<TimelineHistory?> FindHistoryAsync(WalLineage lineage, TimelineId timeline, CancellationToken cancellation)
    {
        var file = WalFileName.HistoryOf(timeline);
        await using var content = timeline.Value == 1 ? null : await repository.OpenAsync(lineage.System, file, cancellation) ?? OpenSpooled(lineage, file);
        if (content is null)
        {
            return timeline.Value == 1 ? TimelineHistory.Root(timeline) : null;
        }

        using var reader = new StreamReader(content);
        return TimelineHistory.Parse(timeline, await reader.ReadToEndAsync(cancellation));
    }

    private FileStream? OpenSpooled(WalLineage lineage, WalFileName file)
    {
        try
        {
            return new FileStream(Path.Combine(SpoolOf(lineage.System), file.Text), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
