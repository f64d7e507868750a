using System.Buffers;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>Reads a file of a backup, one chunk after another.</summary>
internal sealed class ChunkedFileStream(ChunkRepository repository, ManifestEntry file, ChunkReadAhead? ahead) : ForwardStream
{
    private byte[] _chunk = [];
    private int _next;
    private int _start;
    private int _end;

    public override long Length => file.Size;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end && !await FillAsync(cancellationToken))
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _chunk.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (_chunk.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_chunk);
            _chunk = [];
            (_start, _end, _next) = (0, 0, file.Chunks.Count);
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (_next == file.Chunks.Count)
        {
            return false;
        }

        var chunk = file.Chunks[_next++];
        if (_chunk.Length < chunk.Length)
        {
            ArrayPool<byte>.Shared.Return(_chunk);
            _chunk = ArrayPool<byte>.Shared.Rent(chunk.Length);
        }

        await repository.ReadChunkAsync(chunk, _chunk.AsMemory(0, chunk.Length), ahead, ct);
        (_start, _end) = (0, chunk.Length);
        return true;
    }
}
