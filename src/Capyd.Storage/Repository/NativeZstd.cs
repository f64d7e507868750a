using System.Runtime.InteropServices;

namespace Capyd.Storage.Repository;

/// <summary>The streaming interface of the system's libzstd.</summary>
internal static unsafe partial class NativeZstd
{
    public const int CompressionLevel = 100;
    public const int WindowLog = 101;
    public const int HashLog = 102;
    public const int ChainLog = 103;
    public const int SearchLog = 104;
    public const int MinMatch = 105;
    public const int TargetLength = 106;
    public const int Strategy = 107;
    public const int LongDistanceMatching = 160;
    public const int LongHashLog = 161;
    public const int LongMinMatch = 162;
    public const int LongRateLog = 164;
    public const int ChecksumFlag = 201;
    public const int Workers = 400;
    public const int JobSize = 401;
    public const int WindowLogMax = 100;

    private const string Library = "libzstd.so.1";

    /// <summary>What a call of the compressor should do beyond taking input.</summary>
    public enum Directive
    {
        Continue = 0,
        Flush = 1,
        End = 2,
    }

    /// <exception cref="InvalidDataException">The library reports an error.</exception>
    public static nuint Check(nuint result, string doing) => IsError(result) == 0
        ? result
        : throw new InvalidDataException($"zstd failed while {doing}: {Marshal.PtrToStringUTF8(ErrorName(result))}.");

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateCompressor();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCompressor(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nuint SetCompressor(nint context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressStream2")]
    public static partial nuint Compress(
        ZstdContext context, ref ZstdBuffer output, ref ZstdBuffer input, Directive directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateDecompressor();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDecompressor(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_DCtx_setParameter")]
    public static partial nuint SetDecompressor(nint context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decompress(ZstdContext context, ref ZstdBuffer output, ref ZstdBuffer input);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint result);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint ErrorName(nuint result);
}
