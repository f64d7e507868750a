using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Repository;

namespace Capyd.Wal;

/// <summary>Copies of what is written of segments that are not complete, for the case that the host is lost before they are.</summary>
internal sealed class GrowingWal(IObjectStore objects)
{
    private const int Tries = 3;
    private static readonly ZstdSettings Compression = new() { Level = 1 };

    /// <summary>All pieces of a server.</summary>
    public async Task<IReadOnlyList<GrowingPiece>> ListAsync(WalLineage lineage, CancellationToken cancellation) =>
        await ListAsync(GrowingPiece.Of(lineage.System), lineage.SegmentSize, cancellation);

    /// <summary>The pieces of one segment.</summary>
    public Task<IReadOnlyList<GrowingPiece>> ListAsync(WalLineage lineage, WalSegmentName segment, CancellationToken cancellation) =>
        ListAsync(GrowingPiece.Of(lineage.System, segment), segment.Size, cancellation);

    /// <summary>The servers that there are pieces of.</summary>
    public async Task<IReadOnlyList<SystemIdentifier>> SystemsAsync(CancellationToken cancellation)
    {
        var systems = new List<SystemIdentifier>();
        await foreach (var found in objects.ListAsync(GrowingPiece.Root, cancellation))
        {
            if (GrowingPiece.SystemOf(found.Name) is { } system && !systems.Contains(system))
            {
                systems.Add(system);
            }
        }

        return systems;
    }

    /// <summary>There when it returns. The same piece again changes nothing.</summary>
    public async Task WriteAsync(SystemIdentifier system, GrowingPiece piece, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await objects.WriteAsync(piece.NameOf(system), (sink, token) => WriteAsync(bytes, sink, token), cancellation);
        }
        catch (ObjectExistsException)
        {
            // The same bytes of the log, as another version of zstd wrote them.
        }
    }

    public Task DeleteAsync(SystemIdentifier system, GrowingPiece piece, CancellationToken cancellation) => objects.DeleteAsync(piece.NameOf(system), cancellation);

    /// <summary>What the pieces of a segment hold together, from its beginning on. They may be changed meanwhile: then it is looked again.</summary>
    /// <returns>Null when there is nothing.</returns>
    public async Task<Stream?> OpenAsync(SystemIdentifier system, WalSegmentName segment, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var chain = GrowingPiece.Chain(await ListAsync(GrowingPiece.Of(system, segment), segment.Size, cancellation));
            try
            {
                return chain.Count == 0 ? null : await ReadAsync(system, chain, cancellation);
            }
            catch (ObjectMissingException) when (attempt < Tries)
            {
                // A longer piece has taken its place, or the whole segment.
            }
        }
    }

    private async Task<IReadOnlyList<GrowingPiece>> ListAsync(string prefix, WalSegmentSize size, CancellationToken cancellation)
    {
        var pieces = new List<GrowingPiece>();
        await foreach (var found in objects.ListAsync(prefix, cancellation))
        {
            if (GrowingPiece.Parse(found.Name, size) is { } piece)
            {
                pieces.Add(piece);
            }
        }

        return pieces;
    }

    private async Task<MemoryStream> ReadAsync(SystemIdentifier system, IReadOnlyList<GrowingPiece> chain, CancellationToken cancellation)
    {
        // The rest is zeros, as in the file that PostgreSQL writes: it is read page by page.
        var content = new byte[chain[0].Segment.Size.Bytes];
        foreach (var piece in chain)
        {
            await using var plain = new ZstdDecompressStream(await objects.OpenReadAsync(piece.NameOf(system), cancellation), leaveOpen: false);
            await plain.ReadExactlyAsync(content.AsMemory((int)piece.From, (int)(piece.To - piece.From)), cancellation);
        }

        return new MemoryStream(content, writable: false);
    }

    private static async Task WriteAsync(ReadOnlyMemory<byte> bytes, Stream sink, CancellationToken cancellation)
    {
        await using var compress = new ZstdCompressStream(sink, Compression, leaveOpen: true);
        await compress.WriteAsync(bytes, cancellation);
        await compress.CompleteAsync(cancellation);
    }
}
