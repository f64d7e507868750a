using System.Buffers.Binary;
using System.Text;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>
/// A manifest: magic, length of the header, the header (JSON), its SHA-256, the entries, and the SHA-256 of all before.
/// An entry: its length without this number, kind, mode, size, time, path, link target, number of chunks, and for each
/// chunk its SHA-256 and plain length. Texts are UTF-8 behind their 2-byte length; numbers are little-endian.
/// </summary>
internal static class ManifestFormat
{
    public const int DigestSize = 32;
    public const int RefSize = ChunkId.Size + 4;
    public const int LongestHeader = 64 * 1024 * 1024;

    private const int Fixed = 1 + 4 + 8 + 8 + 2 + 2 + 4;

    public static ReadOnlySpan<byte> Magic => "CAPYMAN1"u8;

    public static int LeadSize => Magic.Length + 4;

    public static byte[] Encode(ManifestEntry entry)
    {
        var path = Encoding.UTF8.GetBytes(entry.Path);
        var link = Encoding.UTF8.GetBytes(entry.LinkTarget);
        var bytes = new byte[4 + Fixed + path.Length + link.Length + (entry.Chunks.Count * RefSize)];
        var writer = new SpanWriter(bytes);
        writer.Int32(bytes.Length - 4);
        writer.Byte((byte)entry.Kind);
        writer.Int32(entry.Mode);
        writer.Int64(entry.Size);
        writer.Int64(entry.ModifiedAt);
        writer.Text(path);
        writer.Text(link);
        writer.Int32(entry.Chunks.Count);
        foreach (var chunk in entry.Chunks)
        {
            chunk.Id.CopyTo(writer.Take(ChunkId.Size));
            writer.Int32(chunk.Length);
        }

        return bytes;
    }

    /// <param name="bytes">An entry without its leading length.</param>
    /// <exception cref="InvalidDataException">That is no entry.</exception>
    public static ManifestEntry Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return DecodeUnchecked(bytes);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("An entry of a manifest is shorter than it says.", e);
        }
    }

    private static ManifestEntry DecodeUnchecked(ReadOnlySpan<byte> bytes)
    {
        var kind = (ManifestEntryKind)bytes[0];
        var mode = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        var size = BinaryPrimitives.ReadInt64LittleEndian(bytes[5..]);
        var time = BinaryPrimitives.ReadInt64LittleEndian(bytes[13..]);
        var rest = bytes[21..];
        var path = Text(ref rest);
        var link = Text(ref rest);
        var chunks = new ChunkRef[BinaryPrimitives.ReadInt32LittleEndian(rest)];
        rest = rest[4..];
        for (var at = 0; at < chunks.Length; at++, rest = rest[RefSize..])
        {
            chunks[at] = new ChunkRef(new ChunkId(rest[..ChunkId.Size]), BinaryPrimitives.ReadInt32LittleEndian(rest[ChunkId.Size..]));
        }

        return new ManifestEntry(kind, path, mode, size, time) { LinkTarget = link, Chunks = chunks };
    }

    private static string Text(ref ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        var text = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return text;
    }
}
