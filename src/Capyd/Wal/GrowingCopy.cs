using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>Copies one segment into the bucket while it grows: what is new becomes a piece, and small pieces become larger ones, so that
/// there are few of them and little is sent twice.</summary>
internal sealed class GrowingCopy(GrowingWal wal, WalLineage lineage, WalSegmentName segment, string spoolDirectory)
{
    /// <summary>Pieces of this size stay as they are.</summary>
    private const long LargestMerge = 2 << 20;

    /// <summary>So that no piece is sent in parts, of which some could be left behind.</summary>
    private const long LargestPiece = 4 << 20;

    private List<GrowingPiece>? _pieces;

    public WalSegmentName Segment => segment;

    /// <summary>Bytes from the segment's beginning that are in the bucket.</summary>
    public long Copied => _pieces is [.., var last] ? last.To : 0;

    /// <returns>False when the segment was completed and has left the spool.</returns>
    /// <exception cref="IOException">The bucket does not take it.</exception>
    public async Task<bool> CatchUpAsync(GrowingTail tail, CancellationToken cancellation)
    {
        await using var content = Open();
        if (content is null)
        {
            return false;
        }

        _pieces ??= await AdoptAsync(content, cancellation);
        while (tail.Length > Copied)
        {
            await CopyAsync(content, Math.Min(tail.Length, Copied + LargestPiece), cancellation);
        }

        return true;
    }

    private async Task CopyAsync(FileStream content, long end, CancellationToken cancellation)
    {
        var kept = _pieces!.Count;
        var from = Copied;
        while (kept > 0 && _pieces[kept - 1] is { } last && last.To - last.From <= end - from && end - last.From <= LargestMerge)
        {
            from = last.From;
            kept--;
        }

        var bytes = new byte[end - from];
        content.Position = from;
        await content.ReadExactlyAsync(bytes, cancellation);
        var piece = new GrowingPiece(segment, from, end);
        FaultPoint.Reach("growing.before_upload");
        await wal.WriteAsync(lineage.System, piece, bytes, cancellation);
        FaultPoint.Reach("growing.after_upload");
        var replaced = _pieces[kept..];
        _pieces = [.. _pieces[..kept], piece];
        await RemoveAsync(replaced, cancellation);
    }

    /// <summary>What an earlier boot copied, unless it is not of this log.</summary>
    private async Task<List<GrowingPiece>> AdoptAsync(FileStream content, CancellationToken cancellation)
    {
        var there = await wal.ListAsync(lineage, segment, cancellation);
        var chain = GrowingPiece.Chain(there);
        if (chain.Count > 0 && !await IsOfThisLogAsync(content, cancellation))
        {
            chain = [];
        }

        await RemoveAsync(there.Where(piece => !chain.Contains(piece)), cancellation);
        return [.. chain];
    }

    private async Task<bool> IsOfThisLogAsync(FileStream content, CancellationToken cancellation)
    {
        await using var copied = await wal.OpenAsync(lineage.System, segment, cancellation);
        content.Position = 0;
        return copied is null || await StreamComparison.CompareAsync(copied, content, cancellation) != StreamDifference.Apart;
    }

    private async Task RemoveAsync(IEnumerable<GrowingPiece> pieces, CancellationToken cancellation)
    {
        foreach (var piece in pieces)
        {
            await wal.DeleteAsync(lineage.System, piece, cancellation);
        }
    }

    /// <summary>Under its name while it grows, or under the one that it has just been given.</summary>
    private FileStream? Open()
    {
        foreach (var file in (WalFileName[])[WalFileName.PartialOf(segment), WalFileName.Of(segment)])
        {
            try
            {
                return new FileStream(Path.Combine(spoolDirectory, file.Text), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Perhaps the other.
            }
        }

        return null;
    }
}
