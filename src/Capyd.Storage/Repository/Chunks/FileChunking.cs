namespace Capyd.Storage.Repository.Chunks;

/// <summary>Cuts one file into chunks and stores several of them at a time.</summary>
internal sealed class FileChunking(
    BackupSession session, ChunkRepositoryOptions options, Func<int, ReadOnlyMemory<byte>, ChunkRef?>? known)
{
    private readonly Queue<Task<ChunkRef>> _underWay = new();
    private readonly List<ChunkRef> _done = [];

    public async Task<IReadOnlyList<ChunkRef>> RunAsync(Stream content, CancellationToken ct)
    {
        try
        {
            for (var index = 0; await TakeAsync(content, index, ct); index++)
            {
                if (_underWay.Count >= options.Parallelism)
                {
                    _done.Add(await _underWay.Dequeue());
                }
            }

            while (_underWay.TryDequeue(out var next))
            {
                _done.Add(await next);
            }

            return _done;
        }
        finally
        {
            await ((Task)Task.WhenAll(_underWay)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // False when this was the last chunk.
    private async Task<bool> TakeAsync(Stream content, int index, CancellationToken ct)
    {
        var buffer = session.Buffers.Rent(options.ChunkBytes);
        var length = 0;
        try
        {
            length = await content.ReadAtLeastAsync(
                buffer.AsMemory(0, options.ChunkBytes), options.ChunkBytes, throwOnEndOfStream: false, ct);
        }
        finally
        {
            if (length == 0)
            {
                session.Buffers.Return(buffer);
            }
        }

        if (length > 0)
        {
            _underWay.Enqueue(StoreAsync(buffer, length, index, ct));
        }

        return length == options.ChunkBytes;
    }

    private async Task<ChunkRef> StoreAsync(byte[] buffer, int length, int index, CancellationToken ct)
    {
        try
        {
            var bytes = buffer.AsMemory(0, length);
            return known?.Invoke(index, bytes) is { } earlier && earlier.Length == length && session.TryReuse(earlier)
                ? earlier
                : await Task.Run(() => session.AddAsync(bytes, ct), ct);
        }
        finally
        {
            session.Buffers.Return(buffer);
        }
    }
}
