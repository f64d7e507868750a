using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Capyd.Postgres.BaseBackups;

/// <summary>The checksum that a page carries: 32 sums side by side, each FNV-1a with a twist (the server's checksum_impl.h).</summary>
internal static class PageChecksum
{
    private const int Sums = 32;
    private const uint Prime = 16777619;
    private const int ChecksumAt = 8;

    private static ReadOnlySpan<uint> Offsets =>
    [
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756,
    ];

    /// <summary>The checksum that is written on the page.</summary>
    public static ushort Written(ReadOnlySpan<byte> page) => MemoryMarshal.Read<ushort>(page[ChecksumAt..]);

    /// <summary>The checksum that should be.</summary>
    /// <param name="block">The page's number within its relation.</param>
    public static ushort Of(ReadOnlySpan<byte> page, uint block)
    {
        Span<Vector128<uint>> sums = stackalloc Vector128<uint>[Sums / 4];
        MemoryMarshal.Cast<uint, Vector128<uint>>(Offsets).CopyTo(sums);
        var words = MemoryMarshal.Cast<byte, Vector128<uint>>(page);

        // The page's own field counts as zero; it is the low half of the third word.
        Add(sums, words[..sums.Length], words[0] & Vector128.Create(uint.MaxValue, uint.MaxValue, 0xFFFF0000, uint.MaxValue));
        for (var at = sums.Length; at < words.Length; at += sums.Length)
        {
            Add(sums, words.Slice(at, sums.Length), words[at]);
        }

        return (ushort)(((Finish(sums) ^ block) % 65535) + 1);
    }

    private static void Add(Span<Vector128<uint>> sums, ReadOnlySpan<Vector128<uint>> row, Vector128<uint> first)
    {
        sums[0] = Mix(sums[0], first);
        for (var at = 1; at < row.Length && at < sums.Length; at++)
        {
            sums[at] = Mix(sums[at], row[at]);
        }
    }

    private static uint Finish(Span<Vector128<uint>> sums)
    {
        var all = Vector128<uint>.Zero;
        foreach (var sum in sums)
        {
            all ^= Mix(Mix(sum, Vector128<uint>.Zero), Vector128<uint>.Zero);
        }

        return all[0] ^ all[1] ^ all[2] ^ all[3];
    }

    private static Vector128<uint> Mix(Vector128<uint> sum, Vector128<uint> value)
    {
        var mixed = sum ^ value;
        return (mixed * Prime) ^ (mixed >>> 17);
    }
}
