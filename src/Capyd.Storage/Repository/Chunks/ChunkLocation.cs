namespace Capyd.Storage.Repository.Chunks;

/// <summary>One place where a chunk lies.</summary>
internal sealed record ChunkLocation(string Pack, StoredChunk Chunk, bool Damaged);
