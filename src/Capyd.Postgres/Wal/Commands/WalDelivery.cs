using Capyd.Postgres.Wal.Commits;
using Capyd.Postgres.Wal.Neighbours;

namespace Capyd.Postgres.Wal.Commands;

/// <summary>Puts files of WAL, proven once more, where a server asks for them.</summary>
/// <param name="look">What the archive has.</param>
/// <param name="neighbours">For a server that is thrown away: takes out what it has no pages for. Nothing is flushed to the disk then.</param>
internal sealed class WalDelivery(WalLineage lineage, Func<WalFileName, CancellationToken, Task<WalLookup>> look, NeighbourWal? neighbours)
{
    /// <returns>The exit code of <see cref="WalFetch"/>. Never throws.</returns>
    public async Task<int> RunAsync(string name, string destination, Action<string> error, CancellationToken cancellationToken)
    {
        try
        {
            var file = WalFileName.Parse(name, lineage.SegmentSize);
            switch (await look(file, cancellationToken))
            {
                case WalLookup.Found found:
                    await DeliverAsync(found, file, destination, cancellationToken);
                    return WalFetch.Delivered;
                case WalLookup.NotThere:
                    return WalFetch.NotInArchive;
                default:
                    error($"{name} is missing in the archive although later WAL is there. Recovery cannot pass it: choose a base backup that is newer than the gap.");
                    return WalFetch.Failed;
            }
        }
        catch (Exception e)
        {
            // Any exit code but 255 would let PostgreSQL promote with data lost.
            error($"Could not fetch {name}: {e.Message}");
            return WalFetch.Failed;
        }
    }

    private async Task DeliverAsync(WalLookup.Found found, WalFileName file, string destination, CancellationToken cancellationToken)
    {
        var unfinished = UnfinishedWal.Fresh(destination);
        await using (var source = found.Content)
        await using (var target = new FileStream(unfinished, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            await source.CopyToAsync(target, cancellationToken);
            await ProveAsync(found, file, target, cancellationToken);
            if (neighbours is not null && file is { Kind: WalFileKind.Segment, Segment: { } segment })
            {
                await neighbours.EmptyAsync(segment, target, token => FirstPageAsync(segment.Next, token), cancellationToken);
            }

            target.Flush(flushToDisk: neighbours is null);
        }

        File.Move(unfinished, destination, overwrite: true);
    }

    /// <summary>What is delivered is proven: a recovery that goes wrong later is far harder to read.</summary>
    private async Task ProveAsync(WalLookup.Found found, WalFileName file, FileStream target, CancellationToken cancellationToken)
    {
        target.Position = 0;
        if (file is not { Kind: WalFileKind.Segment, Segment: { } segment })
        {
            await HistoryCheck.ReadAsync(file, target, cancellationToken);
        }
        else if (!found.Partial)
        {
            await new WalScanner(lineage).ReadAsync(segment, target, cancellationToken);
        }
        else
        {
            var scan = await new WalScanner(lineage).ReadPartialAsync(segment, target, cancellationToken);
            CutAndFill(target, segment, (long)(scan.ContentEnd.Position - segment.Start.Position));
        }
    }

    /// <summary>Nothing after the last whole record may reach PostgreSQL.</summary>
    private static void CutAndFill(FileStream target, WalSegmentName segment, long content)
    {
        if (content > 0)
        {
            target.SetLength(Math.Min(target.Length, content));
        }

        target.SetLength(segment.Size.Bytes);
    }

    /// <returns>Nothing when the archive ends here.</returns>
    private async Task<byte[]> FirstPageAsync(WalSegmentName segment, CancellationToken cancellationToken)
    {
        if (await look(WalFileName.Parse(segment.ToString(), segment.Size), cancellationToken) is not WalLookup.Found found)
        {
            return [];
        }

        await using var content = found.Content;
        var page = new byte[WalPageHeader.PageSize];
        return await content.ReadAtLeastAsync(page, page.Length, throwOnEndOfStream: false, cancellationToken) == page.Length ? page : [];
    }
}
