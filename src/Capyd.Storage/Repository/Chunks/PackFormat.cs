using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>
/// A pack: the magic, the chunks one after another, and a footer that says what they are:
/// entries (SHA-256, offset, stored length, plain length), then count, SHA-256 of entries and count, and the magic again.
/// Numbers are little-endian.
/// </summary>
internal static class PackFormat
{
    public const int EntrySize = ChunkId.Size + 12;
    public const int TrailerSize = 4 + ChunkId.Size + 8;

    public static ReadOnlySpan<byte> Magic => "CAPYPCK1"u8;

    public static int FooterSize(int entries) => (entries * EntrySize) + TrailerSize;

    public static void WriteFooter(Span<byte> target, IReadOnlyList<StoredChunk> entries)
    {
        var rest = target;
        foreach (var entry in entries)
        {
            entry.Id.CopyTo(rest);
            BinaryPrimitives.WriteInt32LittleEndian(rest[ChunkId.Size..], entry.Offset);
            BinaryPrimitives.WriteInt32LittleEndian(rest[(ChunkId.Size + 4)..], entry.Stored);
            BinaryPrimitives.WriteInt32LittleEndian(rest[(ChunkId.Size + 8)..], entry.Plain);
            rest = rest[EntrySize..];
        }

        BinaryPrimitives.WriteInt32LittleEndian(rest, entries.Count);
        SHA256.HashData(target[..(target.Length - rest.Length + 4)], rest[4..]);
        Magic.CopyTo(rest[(4 + ChunkId.Size)..]);
    }

    /// <summary>The number of entries that a trailer tells; null when it is none, or tells more than the pack can hold.</summary>
    public static int? ReadCount(ReadOnlySpan<byte> trailer, long packSize)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        return trailer[(4 + ChunkId.Size)..].SequenceEqual(Magic) && count > 0
            && ((long)count * EntrySize) + TrailerSize + Magic.Length <= packSize
            ? count
            : null;
    }

    /// <summary>The entries of a whole footer; null when it is damaged.</summary>
    public static List<StoredChunk>? ReadFooter(ReadOnlySpan<byte> footer, long packSize)
    {
        var count = (footer.Length - TrailerSize) / EntrySize;
        var digest = footer[^(TrailerSize - 4)..^Magic.Length];
        if (!SHA256.HashData(footer[..^(TrailerSize - 4)]).AsSpan().SequenceEqual(digest))
        {
            return null;
        }

        var entries = new List<StoredChunk>(count);
        for (var at = 0; at < count; at++)
        {
            entries.Add(ReadEntry(footer.Slice(at * EntrySize, EntrySize)));
        }

        var end = packSize - footer.Length;
        return entries.TrueForAll(entry => entry.Offset >= Magic.Length && entry.Stored > 0 && entry.Plain >= 0
            && (long)entry.Offset + entry.Stored <= end) ? entries : null;
    }

    private static StoredChunk ReadEntry(ReadOnlySpan<byte> entry) => new(
        new ChunkId(entry),
        BinaryPrimitives.ReadInt32LittleEndian(entry[ChunkId.Size..]),
        BinaryPrimitives.ReadInt32LittleEndian(entry[(ChunkId.Size + 4)..]),
        BinaryPrimitives.ReadInt32LittleEndian(entry[(ChunkId.Size + 8)..]));
}
