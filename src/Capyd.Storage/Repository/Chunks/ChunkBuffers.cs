namespace Capyd.Storage.Repository.Chunks;

/// <summary>Buffers for chunks, plain and stored, of one backup. The shared pool would round them up to twice their size, keep some for every
/// thread, and hold them when the backup has ended. Safe for several threads.</summary>
internal sealed class ChunkBuffers(int chunkBytes)
{
    private readonly int _size = ChunkCodec.Bound(chunkBytes);
    private readonly Stack<byte[]> _free = new();

    /// <returns>A buffer of at least that size; what is in it is anything.</returns>
    public byte[] Rent(int bytes)
    {
        lock (_free)
        {
            if (bytes <= _size && _free.TryPop(out var free))
            {
                return free;
            }
        }

        return GC.AllocateUninitializedArray<byte>(Math.Max(bytes, _size));
    }

    public void Return(byte[] buffer)
    {
        lock (_free)
        {
            if (buffer.Length == _size)
            {
                _free.Push(buffer);
            }
        }
    }
}
