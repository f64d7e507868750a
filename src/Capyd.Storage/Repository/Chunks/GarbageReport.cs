namespace Capyd.Storage.Repository.Chunks;

/// <summary>What a collection of garbage did.</summary>
/// <param name="FreedBytes">By how much the packs shrank.</param>
/// <param name="LostChunks">Chunks that backups refer to and no pack holds; a check names those backups.</param>
public sealed record GarbageReport(int RemovedPacks, int RewrittenPacks, long FreedBytes, long LostChunks);
