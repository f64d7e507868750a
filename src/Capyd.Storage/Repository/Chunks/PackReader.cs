namespace Capyd.Storage.Repository.Chunks;

/// <summary>Reads what a pack says of itself.</summary>
internal sealed class PackReader(IObjectStore store)
{
    private const int PieceBytes = 1 << 16;

    /// <summary>Most footers are smaller.</summary>
    private const int UsualFooterBytes = 16 << 10;

    /// <summary>No chunk is larger; a frame that claims to be was altered, and nobody shall make room for it.</summary>
    private const int LargestPlain = 64 << 20;

    /// <summary>The pack's entries. When its footer is damaged, the chunks before the damage are found by walking the
    /// frames, and <c>Whole</c> is false.</summary>
    /// <exception cref="ObjectMissingException">The pack is gone.</exception>
    public async Task<(bool Whole, List<StoredChunk> Entries)> ReadEntriesAsync(string pack, long size, CancellationToken ct)
    {
        try
        {
            if (await ReadFooterAsync(pack, size, ct) is { } entries)
            {
                return (true, entries);
            }
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            // Shorter than the listing said a moment ago, or not what was sealed: as damaged as any other cut.
        }

        return (false, Salvage(await ReadAllAsync(pack, size, ct)));
    }

    /// <summary>The pack's bytes; fewer when it is shorter than it was, and zeros where the store refuses to give them.</summary>
    public async Task<byte[]> ReadAllAsync(string pack, long size, CancellationToken ct)
    {
        try
        {
            await using var source = await store.OpenReadAsync(RepositoryNames.Pack(pack), ct);
            var bytes = GC.AllocateUninitializedArray<byte>(checked((int)size));
            var length = await source.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
            return length == bytes.Length ? bytes : bytes[..length];
        }
        catch (InvalidDataException)
        {
            return await ReadPiecesAsync(RepositoryNames.Pack(pack), new byte[size], ct);
        }
    }

    /// <summary>Whether a chunk within a pack is what its name says.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> pack, StoredChunk chunk) =>
        (long)chunk.Offset + chunk.Stored <= pack.Length && ChunkId.Of(pack.Slice(chunk.Offset, chunk.Stored)) == chunk.Id;

    // Of a sealed pack only the frame that was altered is lost.
    private async Task<byte[]> ReadPiecesAsync(ObjectName name, byte[] bytes, CancellationToken ct)
    {
        for (var at = 0; at < bytes.Length; at += PieceBytes)
        {
            try
            {
                await store.ReadAtAsync(name, at, bytes.AsMemory(at, Math.Min(PieceBytes, bytes.Length - at)), ct);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                bytes.AsSpan(at, Math.Min(PieceBytes, bytes.Length - at)).Clear();
            }
        }

        return bytes;
    }

    private async Task<List<StoredChunk>?> ReadFooterAsync(string pack, long size, CancellationToken ct)
    {
        if (size < PackFormat.Magic.Length + PackFormat.TrailerSize)
        {
            return null;
        }

        var name = RepositoryNames.Pack(pack);
        var end = new byte[Math.Min(size, UsualFooterBytes)];
        await store.ReadAtAsync(name, size - end.Length, end, ct);
        if (PackFormat.ReadCount(end.AsSpan(end.Length - PackFormat.TrailerSize), size) is not { } count)
        {
            return null;
        }

        var length = PackFormat.FooterSize(count);
        if (length > end.Length)
        {
            end = new byte[length];
            await store.ReadAtAsync(name, size - end.Length, end, ct);
        }

        return PackFormat.ReadFooter(end.AsSpan(end.Length - length), size);
    }

    private static List<StoredChunk> Salvage(ReadOnlySpan<byte> pack)
    {
        var found = new List<StoredChunk>();
        var offset = PackFormat.Magic.Length;
        while (offset < pack.Length && ChunkCodec.Measure(pack[offset..]) is { Stored: > 0 } frame)
        {
            if (frame.Plain <= LargestPlain)
            {
                found.Add(new StoredChunk(ChunkId.Of(pack.Slice(offset, frame.Stored)), offset, frame.Stored, frame.Plain));
            }

            offset += frame.Stored;
        }

        return found;
    }
}
