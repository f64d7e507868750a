namespace Capyd.Storage.Repository.Chunks;

/// <summary>Puts chunks into packs: one is filled while the one before is written. A pack is durable before the
/// catalogue knows it. After a failure every further call fails.</summary>
internal sealed class PackWriter(IObjectStore store, ChunkCatalogue catalogue, int packBytes) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<ChunkId> _underWay = [];
    private PackBuilder _filling = new(packBytes);
    private PackBuilder? _other;
    private Task _writing = Task.CompletedTask;

    /// <summary>Stored bytes of all chunks that were added.</summary>
    public long AddedBytes { get; private set; }

    public long AddedChunks { get; private set; }

    /// <summary>Adds a chunk that is not stored yet.</summary>
    /// <param name="again">Adds it also when another pack holds it.</param>
    /// <returns>False when it was stored already.</returns>
    public async Task<bool> AddAsync(ChunkId id, ReadOnlyMemory<byte> stored, int plain, bool again, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_underWay.Contains(id) || (!again && catalogue.Holds(id)))
            {
                return false;
            }

            if (!_filling.Fits(stored.Length))
            {
                await TurnOverAsync(ct);
            }

            _filling.Add(id, stored.Span, plain);
            _underWay.Add(id);
            AddedBytes += stored.Length;
            AddedChunks++;
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Returns when everything that was added is durable.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_filling.Entries.Count > 0)
            {
                await TurnOverAsync(ct);
            }

            await _writing;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits for a pack that is being written; one that is not full is given up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _turn.Dispose();
    }

    private async Task TurnOverAsync(CancellationToken ct)
    {
        await _writing;
        var written = _other ?? new PackBuilder(packBytes);
        _underWay.ExceptWith(written.Entries.Select(static entry => entry.Id));
        written.Reset();
        var full = _filling;
        (_filling, _other) = (written, full);
        _writing = Task.Run(() => PublishAsync(full, ct), ct);
    }

    private async Task PublishAsync(PackBuilder full, CancellationToken ct)
    {
        var name = RepositoryNames.NewPack();
        var bytes = full.Finish();
        await store.WriteNewAsync(RepositoryNames.Pack(name), bytes, ct);
        catalogue.Enter(name, bytes.Length, damaged: false, full.Entries);
    }
}
