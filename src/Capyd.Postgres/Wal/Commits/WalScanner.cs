using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal.Commits;

/// <summary>
/// Proves that a segment is what its name says (every page's header, every record's checksum) and reads when its
/// transactions ended, in one pass. Segments given in order are read as one log: a record that two of them share counts
/// for the second. One that begins before the first segment given is stepped over.
/// </summary>
public sealed class WalScanner(WalLineage lineage)
{
    /// <summary>A buffer of more than ten would be a large object, which stays until the whole heap is collected.</summary>
    private const int PagesAtOnce = 8;

    private OpenRecord? _open;
    private ulong? _next;

    public WalLineage Lineage { get; } = lineage;

    /// <summary>Called for every transaction that ended, in the order of the log.</summary>
    public Action<TransactionEnd>? Visit { get; init; }

    /// <exception cref="WalRejectedException">The content is damaged, too short or too long, or of another place, timeline or cluster.</exception>
    public async Task<WalScan> ReadAsync(WalSegmentName segment, Stream content, CancellationToken cancellationToken)
    {
        var reader = Reader(segment);
        var (end, problem) = await FeedAsync(reader, segment, content, cancellationToken);
        problem ??= end < segment.End ? $"it ends at {end}, a whole one at {segment.End}."
            : await content.ReadAsync(new byte[1], cancellationToken) > 0 ? "it is longer than a segment."
            : null;
        if (problem is not null)
        {
            throw new WalRejectedException(segment.ToString(), problem);
        }

        _open = reader.Open;
        _next = segment.Number + 1;
        return new WalScan(reader.Commits, reader.ContentEnd);
    }

    /// <summary>Reads a segment that is still being written, as far as its records are whole. Leaves no trace: the same
    /// segment is read again when it is complete.</summary>
    /// <exception cref="WalRejectedException">Already its first page is of another place, timeline or cluster.</exception>
    public async Task<WalScan> ReadPartialAsync(WalSegmentName segment, Stream content, CancellationToken cancellationToken)
    {
        var reader = Reader(segment);
        var (_, problem) = await FeedAsync(reader, segment, content, cancellationToken);
        return problem is not null && !reader.Entered && !reader.Blank
            ? throw new WalRejectedException($"{segment}.partial", problem)
            : new WalScan(reader.Commits, reader.ContentEnd);
    }

    private WalPageReader Reader(WalSegmentName segment) => new(Lineage, segment, _next == segment.Number ? _open?.Copy() : null, Visit);

    /// <returns>The end of the last sound page, and what is wrong with the one after it.</returns>
    private static async Task<(Lsn End, string? Problem)> FeedAsync(
        WalPageReader reader, WalSegmentName segment, Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[PagesAtOnce * WalPageHeader.PageSize];
        var position = segment.Start;
        while (position < segment.End)
        {
            var wanted = (int)Math.Min((ulong)buffer.Length, segment.End.Position - position.Position);
            var count = await content.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);
            for (var offset = 0; offset + WalPageHeader.PageSize <= count; offset += WalPageHeader.PageSize)
            {
                if (reader.Read(buffer.AsSpan(offset, WalPageHeader.PageSize), position) is { } problem)
                {
                    return (position, problem);
                }

                position = new Lsn(position.Position + WalPageHeader.PageSize);
            }

            if (count < wanted)
            {
                break;
            }
        }

        return (position, null);
    }
}
