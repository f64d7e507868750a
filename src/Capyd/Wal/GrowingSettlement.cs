using Capyd.Postgres.Wal;
using Capyd.Storage.Repository;

namespace Capyd.Wal;

/// <summary>
/// Removes the pieces of segments that are written no more, once the bucket has something better: the whole segment, or, when that never
/// came because a server was lost in between, an unfinished segment put together from the pieces.
/// </summary>
internal sealed class GrowingSettlement(GrowingWal growing, IObjectStore bucket, WalRepository repository, WalReconciliation reconciliation)
{
    /// <param name="still">The segment that is being written.</param>
    /// <param name="spoolDirectory">Where segments of this server lie before they are kept.</param>
    /// <returns>Whether nothing is left but pieces of that segment.</returns>
    /// <exception cref="IOException">The bucket or the repository cannot be used.</exception>
    public async Task<bool> RunAsync(WalLineage lineage, WalSegmentName? still, string spoolDirectory, CancellationToken cancellation)
    {
        var settled = true;
        foreach (var pieces in (await growing.ListAsync(lineage, cancellation)).GroupBy(piece => piece.Segment.ToString()))
        {
            var segment = pieces.First().Segment;
            settled &= segment == still || await SettleAsync(lineage, segment, Path.Combine(spoolDirectory, segment.ToString()), cancellation);
        }

        return settled;
    }

    /// <summary>The same for servers that are followed no more.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<bool> RunOthersAsync(WalLineage current, WalArchive archive, CancellationToken cancellation)
    {
        var settled = true;
        foreach (var system in await growing.SystemsAsync(cancellation))
        {
            if (system != current.System && await repository.LineageAsync(system, cancellation) is { } lineage)
            {
                settled &= await RunAsync(lineage, null, archive.SpoolOf(system), cancellation);
            }
        }

        return settled;
    }

    private async Task<bool> SettleAsync(WalLineage lineage, WalSegmentName segment, string spooled, CancellationToken cancellation)
    {
        if (!await HasAsync(lineage, WalFileName.Of(segment), cancellation) && !await IsPutTogetherAsync(lineage, segment, spooled, cancellation))
        {
            return false;
        }

        FaultPoint.Reach("growing.before_removal");
        foreach (var piece in await growing.ListAsync(lineage, segment, cancellation))
        {
            await growing.DeleteAsync(lineage.System, piece, cancellation);
        }

        return true;
    }

    private async Task<bool> IsPutTogetherAsync(WalLineage lineage, WalSegmentName segment, string spooled, CancellationToken cancellation)
    {
        var (whole, partial) = (WalFileName.Of(segment), WalFileName.PartialOf(segment));
        if (File.Exists(spooled) || await repository.StoredBytesAsync(lineage.System, whole, cancellation) > 0)
        {
            // It is on its way.
            return false;
        }

        await using var content = await growing.OpenAsync(lineage.System, segment, cancellation);
        if (content is not null)
        {
            await repository.StoreAsync(lineage, partial, content, cancellation);
            await reconciliation.NoteAsync(lineage, partial, cancellation);
        }

        return await HasAsync(lineage, partial, cancellation);
    }

    private Task<bool> HasAsync(WalLineage lineage, WalFileName file, CancellationToken cancellation) =>
        bucket.ExistsAsync(WalObjects.Of(lineage.System, file), cancellation);
}
