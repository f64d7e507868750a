namespace Capyd.Storage.Repository;

/// <summary>How hard to compress. Null leaves the library's choice for the level.</summary>
public sealed record ZstdSettings
{
    /// <summary>1 (fast) to 19 (small).</summary>
    public int Level { get; init; } = 3;

    /// <summary>Base-2 logarithm of the window in bytes; at most 27, which every reader accepts.</summary>
    public int? WindowLog { get; init; }

    /// <summary>Bytes of the shortest repetition that is looked for, 3 to 7.</summary>
    public int? MinMatch { get; init; }

    /// <summary>The level's own when it is null.</summary>
    public ZstdSearch? Search { get; init; }

    /// <summary>Compression threads; 0 compresses on the caller's.</summary>
    public int Workers { get; init; }

    /// <summary>Input bytes per thread and job; bounds the memory that workers take.</summary>
    public int? JobSizeBytes { get; init; }

    /// <summary>Also finds matches far apart, at some memory.</summary>
    public bool LongDistance { get; init; }

    /// <summary>Bytes of the shortest match far apart, 4 to 4096; null is the library's 64.</summary>
    public int? LongMinMatch { get; init; }

    /// <summary>One position in two to the power of this is remembered for matches far apart.</summary>
    public int? LongRateLog { get; init; }

    /// <summary>Base-2 logarithm of how many positions are remembered for matches far apart, 8 bytes each.</summary>
    public int? LongHashLog { get; init; }

    /// <summary>Ends each frame with a checksum of the content.</summary>
    public bool Checksum { get; init; } = true;
}
