namespace Capyd.Postgres.Wal.Neighbours;

/// <summary>
/// Takes out of WAL what changed pages of databases that are not there when only one of a cluster is recovered. Such a record becomes
/// one that does nothing, as long and in the same place, so that every position and the chain of records stay as they are. What
/// concerns transactions, shared catalogues and files as such is kept. A recovery then costs what its own database's changes cost.
/// </summary>
/// <param name="databases">The numbers of the databases that are not there.</param>
internal sealed class NeighbourWal(WalLineage lineage, IReadOnlySet<uint> databases)
{
    private const int PagesAtOnce = 128;

    /// <summary>By the number of the segment where it goes on: PostgreSQL asks for some segments twice.</summary>
    private readonly Dictionary<ulong, EmptyRecord> _continued = [];

    /// <summary>Changes a proven segment in place.</summary>
    /// <param name="firstOfNext">Reads the first page of the next segment, for a record whose head lies in both; empty when there is none.
    /// Such a record is kept then: it was given up, or finds no page to change.</param>
    public async Task EmptyAsync(
        WalSegmentName segment, FileStream content, Func<CancellationToken, Task<byte[]>> firstOfNext, CancellationToken cancellationToken)
    {
        if (databases.Count == 0)
        {
            return;
        }

        var pages = new NeighbourPages(databases, lineage.Major, _continued.GetValueOrDefault(segment.Number)?.Copy());
        var window = new byte[(PagesAtOnce + 1) * WalPageHeader.PageSize];
        for (long at = 0; at < content.Length && !pages.Ended; at += PagesAtOnce * WalPageHeader.PageSize)
        {
            content.Position = at;
            var count = await content.ReadAtLeastAsync(window, window.Length, throwOnEndOfStream: false, cancellationToken);
            var mine = Math.Min(count, PagesAtOnce * WalPageHeader.PageSize);
            var changed = Empty(pages, window.AsSpan(0, count), mine);
            if (pages.Undecided is not null)
            {
                var next = await firstOfNext(cancellationToken);
                changed |= pages.EmptyLast(window.AsSpan(mine - WalPageHeader.PageSize, WalPageHeader.PageSize), next);
            }

            if (changed)
            {
                content.Position = at;
                await content.WriteAsync(window.AsMemory(0, mine), cancellationToken);
            }
        }

        if (pages.Open is { } open)
        {
            _continued[segment.Number + 1] = open;
        }
    }

    /// <param name="mine">So many bytes are to be changed; a page after them is only for looking.</param>
    private static bool Empty(NeighbourPages pages, Span<byte> window, int mine)
    {
        var changed = false;
        for (var at = 0; at < mine; at += WalPageHeader.PageSize)
        {
            var next = window[(at + WalPageHeader.PageSize)..];
            changed |= pages.Empty(window.Slice(at, WalPageHeader.PageSize), next.Length > 0 ? next[..WalPageHeader.PageSize] : next);
        }

        return changed;
    }
}
