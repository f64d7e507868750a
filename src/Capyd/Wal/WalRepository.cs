using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Repository;

namespace Capyd.Wal;

/// <summary>WAL files as objects; nothing but the repository is needed to store and to find them.</summary>
internal sealed class WalRepository(IObjectStore objects)
{
    /// <summary>More costs the server processor time, and saves little on what is full of page images.</summary>
    private static readonly ZstdSettings Compression = new() { Level = 1 };

    /// <summary>Beside the files: copies of what is not complete.</summary>
    public GrowingWal Growing { get; } = new(objects);

    /// <summary>Durable when it returns. The same bytes again change nothing.</summary>
    /// <param name="content">Seekable, at its beginning.</param>
    /// <exception cref="ObjectExistsException">Other bytes have this name; they stay.</exception>
    public async Task StoreAsync(WalLineage lineage, WalFileName file, Stream content, CancellationToken cancellation)
    {
        var name = WalObjects.Of(lineage.System, file);
        if (await objects.ExistsAsync(name, cancellation) && await IsKeptAsync(lineage, file, content, cancellation))
        {
            return;
        }

        content.Position = 0;
        await objects.WriteAsync(name, (sink, token) => WriteAsync(file, content, sink, token), cancellation);
    }

    /// <returns>Null when there is no such file.</returns>
    public async Task<Stream?> OpenAsync(SystemIdentifier system, WalFileName file, CancellationToken cancellation)
    {
        try
        {
            var stored = await objects.OpenReadAsync(WalObjects.Of(system, file), cancellation);
            return file.Kind == WalFileKind.TimelineHistory ? stored : new ZstdDecompressStream(stored, leaveOpen: false);
        }
        catch (ObjectMissingException)
        {
            return null;
        }
    }

    /// <summary>Its size as it lies there; 0 when it is not there.</summary>
    public async Task<long> StoredBytesAsync(SystemIdentifier system, WalFileName file, CancellationToken cancellation)
    {
        var name = WalObjects.Of(system, file);
        await foreach (var found in objects.ListAsync(name.ToString(), cancellation))
        {
            if (found.Name == name)
            {
                return found.Size;
            }
        }

        return 0;
    }

    public async Task<IReadOnlyList<WalFileName>> ListAsync(WalLineage lineage, CancellationToken cancellation)
    {
        var files = new List<WalFileName>();
        await foreach (var found in objects.ListAsync(WalObjects.Of(lineage.System), cancellation))
        {
            if (WalObjects.FileOf(found.Name, lineage.SegmentSize) is { } file)
            {
                files.Add(file);
            }
        }

        return files;
    }

    /// <summary>Whether something of the same timeline is kept that comes after this segment.</summary>
    public async Task<bool> HasLaterAsync(WalLineage lineage, WalSegmentName segment, CancellationToken cancellation)
    {
        await foreach (var found in objects.ListAsync(WalObjects.Of(lineage.System, segment.Timeline), cancellation))
        {
            if (WalObjects.FileOf(found.Name, lineage.SegmentSize)?.Segment is { } other && other.Number > segment.Number)
            {
                return true;
            }
        }

        return false;
    }

    public Task DeleteAsync(SystemIdentifier system, WalFileName file, CancellationToken cancellation) =>
        objects.DeleteAsync(WalObjects.Of(system, file), cancellation);

    /// <summary>The servers whose WAL is kept, by what a segment of each says of itself.</summary>
    public async Task<IReadOnlyList<WalLineage>> LineagesAsync(CancellationToken cancellation)
    {
        var found = new Dictionary<SystemIdentifier, WalLineage?>();
        await foreach (var stored in objects.ListAsync(WalObjects.Root, cancellation))
        {
            if (WalObjects.SystemOf(stored.Name) is { } system && !found.ContainsKey(system))
            {
                found[system] = await LineageAsync(system, cancellation);
            }
        }

        return [.. found.Values.OfType<WalLineage>()];
    }

    /// <returns>Null when no segment of this server is kept.</returns>
    public async Task<WalLineage?> LineageAsync(SystemIdentifier system, CancellationToken cancellation)
    {
        await foreach (var stored in objects.ListAsync(WalObjects.Of(system), cancellation))
        {
            if (WalObjects.IsCompressed(stored.Name) && await ReadLineageAsync(stored.Name, cancellation) is { } lineage)
            {
                return lineage;
            }
        }

        return null;
    }

    private async Task<WalLineage?> ReadLineageAsync(ObjectName name, CancellationToken cancellation)
    {
        await using var content = new ZstdDecompressStream(await objects.OpenReadAsync(name, cancellation), leaveOpen: false);
        return await WalLineage.OfSegmentAsync(content, cancellation);
    }

    private static async Task WriteAsync(WalFileName file, Stream content, Stream sink, CancellationToken cancellation)
    {
        if (file.Kind == WalFileKind.TimelineHistory)
        {
            await content.CopyToAsync(sink, cancellation);
            return;
        }

        await using var compress = new ZstdCompressStream(sink, Compression, leaveOpen: true);
        await content.CopyToAsync(compress, 1 << 20, cancellation);
        await compress.CompleteAsync(cancellation);
    }

    /// <summary>Compares the plain bytes, since another zstd may have compressed them differently.</summary>
    /// <returns>False when an unfinished segment has grown since, and is to be stored anew.</returns>
    private async Task<bool> IsKeptAsync(WalLineage lineage, WalFileName file, Stream content, CancellationToken cancellation)
    {
        await using var kept = await OpenAsync(lineage.System, file, cancellation);
        if (kept is null)
        {
            return false;
        }

        var difference = await StreamComparison.CompareAsync(kept, content, cancellation);
        if (difference == StreamDifference.None || (file.Kind == WalFileKind.Partial && difference == StreamDifference.FirstGoesOn))
        {
            return true;
        }

        if (file.Kind != WalFileKind.Partial || difference == StreamDifference.Apart)
        {
            throw new ObjectExistsException(WalObjects.Of(lineage.System, file));
        }

        await DeleteAsync(lineage.System, file, cancellation);
        return false;
    }
}
