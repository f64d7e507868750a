namespace Capyd.Storage.Repository.Chunks;

/// <summary>Where a chunk lies within its pack; lengths in bytes, stored (compressed) and plain.</summary>
internal readonly record struct StoredChunk(ChunkId Id, int Offset, int Stored, int Plain);
