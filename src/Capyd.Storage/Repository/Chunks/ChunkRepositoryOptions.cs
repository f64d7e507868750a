namespace Capyd.Storage.Repository.Chunks;

/// <summary>How a repository of chunks works. Changing level or chunk size only costs deduplication against older backups.</summary>
/// <param name="CacheDirectory">For the catalogue, locks and temporary files; on a local disk, not in the repository.
/// All processes that use one repository share it.</param>
public sealed record ChunkRepositoryOptions(string CacheDirectory)
{
    /// <summary>Plain bytes of a chunk; a multiple of the server's page size.</summary>
    public int ChunkBytes { get; init; } = 256 * 1024;

    /// <summary>The size at which a pack is closed. Two packs are held in memory during a backup.</summary>
    public int PackBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>zstd level, 1 to 19.</summary>
    public int CompressionLevel { get; init; } = 1;

    /// <summary>Chunks of a file that are compressed at the same time.</summary>
    public int Parallelism { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Whether each request to the store takes its time, as over a network.</summary>
    public bool IsFar { get; init; }

    /// <summary>A pack with a smaller share of live bytes than this is rewritten by the collection of garbage.</summary>
    public double RewriteBelow { get; init; } = 0.5;
}
