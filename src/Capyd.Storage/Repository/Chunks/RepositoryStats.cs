namespace Capyd.Storage.Repository.Chunks;

/// <summary>The size of a repository, in bytes.</summary>
/// <param name="LogicalBytes">The plain sizes of all backups together.</param>
/// <param name="PlainBytes">The plain size of every chunk, counted once.</param>
/// <param name="StoredBytes">What the packs take.</param>
public sealed record RepositoryStats(
    int Backups, long LogicalBytes, int Packs, long Chunks, long PlainBytes, long StoredBytes);
