using System.Runtime.InteropServices;

namespace Capyd.Storage.Repository;

/// <summary>ZSTD_inBuffer and ZSTD_outBuffer, which have one layout.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ZstdBuffer(byte* start, int size)
{
    public byte* Start = start;
    public nuint Size = (nuint)size;
    public nuint Position = 0;

    public readonly int Done => (int)Position;
}
