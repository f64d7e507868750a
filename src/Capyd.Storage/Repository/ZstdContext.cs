using System.Runtime.InteropServices;

namespace Capyd.Storage.Repository;

/// <summary>A compressor or decompressor of libzstd.</summary>
internal sealed class ZstdContext : SafeHandle
{
    private const int LargestWindowLog = 27;

    private readonly bool _compresses;

    private ZstdContext(nint context, bool compresses)
        : base(0, ownsHandle: true)
    {
        _compresses = compresses;
        SetHandle(context);
        if (IsInvalid)
        {
            throw new InsufficientMemoryException("libzstd could not allocate its context.");
        }
    }

    public override bool IsInvalid => handle == 0;

    public static ZstdContext ForCompression(ZstdSettings settings)
    {
        var context = new ZstdContext(NativeZstd.CreateCompressor(), compresses: true);
        try
        {
            context.Set(NativeZstd.CompressionLevel, settings.Level);
            context.Set(NativeZstd.WindowLog, settings.WindowLog);
            context.Set(NativeZstd.MinMatch, settings.Search?.MinMatch ?? settings.MinMatch);
            context.Set(NativeZstd.HashLog, settings.Search?.TablesLog);
            context.Set(NativeZstd.ChainLog, settings.Search?.TablesLog);
            context.Set(NativeZstd.SearchLog, settings.Search?.SearchLog);
            context.Set(NativeZstd.TargetLength, settings.Search?.TargetLength);
            context.Set(NativeZstd.Strategy, settings.Search?.Strategy);
            context.Set(NativeZstd.LongDistanceMatching, settings.LongDistance ? 1 : null);
            context.Set(NativeZstd.LongHashLog, settings.LongHashLog);
            context.Set(NativeZstd.LongMinMatch, settings.LongMinMatch);
            context.Set(NativeZstd.LongRateLog, settings.LongRateLog);
            context.Set(NativeZstd.ChecksumFlag, settings.Checksum ? 1 : 0);
            context.Set(NativeZstd.Workers, settings.Workers);
            context.Set(NativeZstd.JobSize, settings.Workers > 0 ? settings.JobSizeBytes : null);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Accepts windows of up to 128 MiB, so that a hostile frame cannot ask for more memory.</summary>
    public static ZstdContext ForDecompression()
    {
        var context = new ZstdContext(NativeZstd.CreateDecompressor(), compresses: false);
        NativeZstd.Check(
            NativeZstd.SetDecompressor(context.handle, NativeZstd.WindowLogMax, LargestWindowLog),
            "limiting the window");
        return context;
    }

    protected override bool ReleaseHandle()
    {
        _ = _compresses ? NativeZstd.FreeCompressor(handle) : NativeZstd.FreeDecompressor(handle);
        return true;
    }

    private void Set(int parameter, int? value)
    {
        if (value is { } wanted)
        {
            NativeZstd.Check(
                NativeZstd.SetCompressor(handle, parameter, wanted), $"setting parameter {parameter} to {wanted}");
        }
    }
}
