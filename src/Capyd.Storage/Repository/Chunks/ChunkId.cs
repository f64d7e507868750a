using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>The name of a chunk: the SHA-256 of its stored, compressed bytes. The same content compressed by another
/// zstd gets another name, which costs deduplication once and nothing else.</summary>
public readonly record struct ChunkId
{
    public const int Size = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <param name="digest">The 32 bytes of the digest.</param>
    public ChunkId(ReadOnlySpan<byte> digest)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(digest);
        _low = BinaryPrimitives.ReadUInt128BigEndian(digest[16..Size]);
    }

    public static ChunkId Of(ReadOnlySpan<byte> stored)
    {
        Span<byte> digest = stackalloc byte[Size];
        SHA256.HashData(stored, digest);
        return new ChunkId(digest);
    }

    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt128BigEndian(target, _high);
        BinaryPrimitives.WriteUInt128BigEndian(target[16..], _low);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToBytes());
}
