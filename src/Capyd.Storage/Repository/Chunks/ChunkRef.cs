namespace Capyd.Storage.Repository.Chunks;

/// <summary>A piece of a file: which chunk, and how many plain bytes it holds.</summary>
public readonly record struct ChunkRef(ChunkId Id, int Length);
