using System.Buffers.Binary;

namespace Capyd.Storage.Tests.Repository.Chunks;

/// <summary>What a bad disk does to files.</summary>
internal static class Damage
{
    public static void Flip(string file, long at)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at < 0 ? bytes.Length + at : at] ^= 0x10;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Alters what the zstd frame there says of its content's size, in four bytes after magic number and descriptor
    /// (RFC 8878, 3.1.1.1; of 64 KiB and more).</summary>
    public static void ClaimPlain(string file, int frame, int size)
    {
        var bytes = File.ReadAllBytes(file);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(frame + 5), size);
        File.WriteAllBytes(file, bytes);
    }

    public static void Cut(string file, long length)
    {
        using var opened = new FileStream(file, FileMode.Open);
        opened.SetLength(length);
    }
}
