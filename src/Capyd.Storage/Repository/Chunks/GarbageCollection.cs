namespace Capyd.Storage.Repository.Chunks;

/// <summary>
/// Marks what the manifests refer to and sweeps the rest. May be killed anywhere: nothing is removed before its live
/// chunks are durable elsewhere, and a chunk that is then stored twice is as good as one.
/// </summary>
internal sealed class GarbageCollection(RepositoryContext context)
{
    private const int BatchSize = 10_000;

    private int _removed;
    private int _rewritten;
    private long _freed;

    public async Task<GarbageReport> RunAsync(CancellationToken ct)
    {
        await context.ReconcileAsync(readAll: false, ct);
        context.Catalogue.ClearLive();
        await MarkAsync(ct);
        var lost = context.Catalogue.CountLost();
        var sparse = await SweepAsync(lost, ct);
        await RewriteAsync(sparse, ct);
        context.Catalogue.ClearLive();
        return new GarbageReport(_removed, _rewritten, _freed, lost);
    }

    // A manifest that cannot be read ends the collection: what it refers to is unknown, and might be everything.
    private async Task MarkAsync(CancellationToken ct)
    {
        var batch = new HashSet<ChunkId>();
        foreach (var name in await context.BackupNamesAsync(ct))
        {
            using var manifest = await context.Manifests.OpenAsync(name, null, ct);
            foreach (var chunk in manifest.Entries().SelectMany(static entry => entry.Chunks))
            {
                if (batch.Add(chunk.Id) && batch.Count >= BatchSize)
                {
                    ct.ThrowIfCancellationRequested();
                    context.Catalogue.MarkLive(batch);
                    batch.Clear();
                }
            }
        }

        context.Catalogue.MarkLive(batch);
    }

    /// <returns>The packs that are worth being rewritten.</returns>
    private async Task<List<PackRow>> SweepAsync(long lost, CancellationToken ct)
    {
        var sparse = new List<PackRow>();
        foreach (var pack in context.Catalogue.Packs())
        {
            var live = context.Catalogue.LiveIn(pack).Sum(static chunk => (long)chunk.Stored);
            if (live > 0 && live < pack.Size * context.Options.RewriteBelow)
            {
                sparse.Add(pack);
            }
            else if (live == 0 && !(pack.Damaged && lost > 0))
            {
                // A damaged pack might still hold what is missing, for somebody who digs; only then it is kept.
                await RemoveAsync(pack, ct);
                _removed++;
            }
        }

        return sparse;
    }

    private async Task RewriteAsync(List<PackRow> packs, CancellationToken ct)
    {
        await using var writer = new PackWriter(context.Store, context.Catalogue, context.Options.PackBytes);
        var moved = new List<PackRow>();
        foreach (var pack in packs)
        {
            if (await MoveAsync(pack, writer, ct))
            {
                moved.Add(pack);
            }
        }

        await writer.FlushAsync(ct);
        _freed -= writer.AddedBytes;
        foreach (var pack in moved)
        {
            await RemoveAsync(pack, ct);
            _rewritten++;
        }
    }

    // False when a chunk is damaged; then the pack stays for whoever may mend it.
    private async Task<bool> MoveAsync(PackRow pack, PackWriter writer, CancellationToken ct)
    {
        var chunks = context.Catalogue.LiveIn(pack);
        var bytes = await context.Packs.ReadAllAsync(pack.Name, pack.Size, ct);
        var damaged = chunks.Where(chunk => !PackReader.IsWhole(bytes, chunk)).ToList();
        damaged.ForEach(chunk => context.Catalogue.MarkDamaged(chunk.Id, pack.Name));
        if (damaged.Count > 0)
        {
            return false;
        }

        foreach (var chunk in chunks)
        {
            await writer.AddAsync(chunk.Id, bytes.AsMemory(chunk.Offset, chunk.Stored), chunk.Plain, again: true, ct);
        }

        return true;
    }

    private async Task RemoveAsync(PackRow pack, CancellationToken ct)
    {
        context.Catalogue.Forget(pack.Name);
        await context.Store.DeleteAsync(RepositoryNames.Pack(pack.Name), ct);
        _freed += pack.Size;
    }
}
