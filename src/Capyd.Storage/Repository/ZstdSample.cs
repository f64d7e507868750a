using System.Buffers;

namespace Capyd.Storage.Repository;

/// <summary>Tries settings on some bytes.</summary>
public static class ZstdSample
{
    /// <returns>How many bytes these become.</returns>
    /// <exception cref="InvalidDataException">The library refuses the settings.</exception>
    public static unsafe int SizeOf(ReadOnlySpan<byte> plain, ZstdSettings settings)
    {
        using var context = ZstdContext.ForCompression(settings);
        var target = ArrayPool<byte>.Shared.Rent((int)NativeZstd.CompressBound((nuint)plain.Length));
        try
        {
            fixed (byte* from = plain, to = target)
            {
                return (int)NativeZstd.Check(NativeZstd.CompressBlock(context, to, (nuint)target.Length, from, (nuint)plain.Length), "trying settings");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(target);
        }
    }
}
