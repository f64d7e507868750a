using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>One server's spool: what is complete there is kept, what is being written is read.</summary>
internal sealed partial class Spool(WalLineage lineage, WalParts parts, ILogger logger)
{
    /// <summary>Each takes about a tenth of a second; the growing segment has to be read meanwhile.</summary>
    private const int AtOnce = 4;

    private readonly Queue<ArchivedWal> _unnoted = new();
    private readonly SegmentArchiver _archiver = new(parts.Archive.SpoolOf(lineage.System), lineage, async (name, content, cancellation) =>
    {
        await parts.Archive.StoreAsync(lineage, name, content, cancellation);
        FaultPoint.Reach("wal.after_store");
    });

    public WalLineage Lineage { get; } = lineage;

    public string Directory { get; } = parts.Archive.SpoolOf(lineage.System);

    /// <summary>Keeps what is complete, a few segments of it.</summary>
    /// <returns>Whether that was all.</returns>
    public async Task<bool> KeepAsync(CancellationToken cancellation)
    {
        await NoteAsync(cancellation);
        var pass = await _archiver.ArchiveAsync(AtOnce, cancellation);
        await NoteAsync(pass, cancellation);
        return pass.Remaining == 0;
    }

    /// <summary>When the receiver has stopped for good: keeps everything and leaves nothing.</summary>
    public async Task EmptyAsync(CancellationToken cancellation)
    {
        await NoteAsync(cancellation);
        await NoteAsync(await _archiver.EmptyAsync(cancellation), cancellation);
    }

    /// <summary>Reads how far the segment that is being written has come.</summary>
    public async Task ReadTailAsync(CancellationToken cancellation)
    {
        await using var tail = await _archiver.TailAsync(cancellation);
        if (tail is null)
        {
            return;
        }

        if (parts.Gaps.IsOpenEnded(Lineage))
        {
            await parts.Gaps.EndAsync(Lineage, tail.Segment, cancellation);
        }

        parts.State.Saw(tail.Segment.Timeline, tail.Commits.Last);
        parts.State.Received(tail.ContentEnd);
        parts.State.Tail = new GrowingTail(tail.Segment, tail.ContentEnd);
    }

    private async Task NoteAsync(ArchivePass pass, CancellationToken cancellation)
    {
        foreach (var taken in pass.Archived)
        {
            _unnoted.Enqueue(taken);
        }

        await NoteAsync(cancellation);
        foreach (var rejected in pass.Rejected)
        {
            LogRejected(rejected.Message, _archiver.RejectedDirectory);
            if (WalFileName.TryParse(rejected.File, Lineage.SegmentSize) is { Kind: WalFileKind.Segment, Segment: { } segment })
            {
                await parts.Gaps.AddAsync(Lineage, segment, rejected.Message, cancellation);
            }
        }
    }

    /// <summary>What could not be written down stays here for the next time; after a death the repository is read for it.</summary>
    private async Task NoteAsync(CancellationToken cancellation)
    {
        while (_unnoted.TryPeek(out var archived))
        {
            FaultPoint.Reach("wal.before_note");
            await parts.Archive.NoteAsync(Lineage, archived, cancellation);
            FaultPoint.Reach("wal.after_note");
            _unnoted.Dequeue();
            parts.State.Saw(archived.Name.Timeline, archived.Commits?.Last);
            if (archived.ContentEnd is { } end)
            {
                parts.State.Received(end);
            }
        }
    }

    [LoggerMessage(9010, LogLevel.Error, "{Problem} It lies in {Directory}")]
    private partial void LogRejected(string problem, string directory);
}
