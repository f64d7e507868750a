using System.Runtime.InteropServices;

namespace Capyd.Storage.Repository;

/// <summary>The calls for frames that are in memory as a whole.</summary>
internal static unsafe partial class NativeZstd
{
    /// <summary>The largest frame that <paramref name="size"/> bytes can become.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_compressBound")]
    public static partial nuint CompressBound(nuint size);

    [LibraryImport(Library, EntryPoint = "ZSTD_compress2")]
    public static partial nuint CompressBlock(ZstdContext context, byte* target, nuint capacity, byte* source, nuint size);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressDCtx")]
    public static partial nuint DecompressBlock(ZstdContext context, byte* target, nuint capacity, byte* source, nuint size);

    /// <summary>The length of the frame that begins at <paramref name="source"/>, or an error.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_findFrameCompressedSize")]
    public static partial nuint FrameLength(byte* source, nuint size);

    /// <summary>The plain size that a frame's header tells; larger than any real size when it tells none.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_getFrameContentSize")]
    public static partial ulong ContentSize(byte* source, nuint size);

    public static bool IsFailure(nuint result) => IsError(result) != 0;
}
