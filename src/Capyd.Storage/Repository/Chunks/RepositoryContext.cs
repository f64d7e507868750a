namespace Capyd.Storage.Repository.Chunks;

/// <summary>What the parts of a repository share.</summary>
internal sealed record RepositoryContext(IObjectStore Store, ChunkRepositoryOptions Options, TimeProvider Clock) : IDisposable
{
    private const string CatalogueFile = "chunks.db";

    /// <summary>Packs of which the lists are fetched at the same time.</summary>
    private const int FarAtOnce = 8;

    public ChunkCatalogue Catalogue { get; } = ChunkCatalogue.Open(Path.Combine(Options.CacheDirectory, CatalogueFile));

    public ChunkCodec Codec { get; } = new(Options.CompressionLevel);

    public ManifestLoader Manifests { get; } = new(Store, Options.CacheDirectory);

    public PackReader Packs { get; } = new(Store);

    /// <summary>Held by whoever adds or removes chunks.</summary>
    public RepositoryLock LockForWriting(string purpose) =>
        RepositoryLock.Exclusive(Path.Combine(Options.CacheDirectory, "chunks.writer.lock"), purpose);

    /// <summary>Held, shared, by whoever reads chunks.</summary>
    public RepositoryLock LockForReading(string purpose) => RepositoryLock.Shared(ReaderLock, purpose);

    /// <summary>Excludes readers.</summary>
    public RepositoryLock LockOutReaders(string purpose) => RepositoryLock.Exclusive(ReaderLock, purpose);

    public async Task<List<string>> BackupNamesAsync(CancellationToken ct)
    {
        var names = new List<string>();
        await foreach (var found in Store.ListAsync(RepositoryNames.Manifests, ct))
        {
            if (RepositoryNames.ManifestOf(found.Name) is { } name)
            {
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>Brings the catalogue up to date with the packs that are there.</summary>
    /// <param name="readAll">Reads also the footers of packs that the catalogue knows.</param>
    public async Task ReconcileAsync(bool readAll, CancellationToken ct)
    {
        var known = Catalogue.Packs().ToDictionary(static pack => pack.Name, StringComparer.Ordinal);
        var reading = new Queue<Task>();
        try
        {
            await foreach (var found in Store.ListAsync(RepositoryNames.Packs, ct))
            {
                if (RepositoryNames.PackOf(found.Name) is { } name)
                {
                    known.Remove(name, out var row);
                    reading.Enqueue(EnterAsync(name, found.Size, row, readAll, ct));
                }

                while (reading.Count >= (Options.IsFar ? FarAtOnce : 1))
                {
                    await reading.Dequeue();
                }
            }
        }
        finally
        {
            await Task.WhenAll(reading);
        }

        // Known before the listing began, so they were there and are gone.
        foreach (var vanished in known.Keys)
        {
            Catalogue.Forget(vanished);
        }
    }

    public void Dispose()
    {
        Catalogue.Dispose();
        Codec.Dispose();
    }

    private string ReaderLock => Path.Combine(Options.CacheDirectory, "chunks.readers.lock");

    private async Task EnterAsync(string name, long size, PackRow? row, bool readAll, CancellationToken ct)
    {
        if (row?.Size == size && !readAll)
        {
            return;
        }

        var (whole, entries) = await Packs.ReadEntriesAsync(name, size, ct);
        if (row is null || row.Size != size || row.Damaged == whole || !Catalogue.ChunksOf(row).SequenceEqual(entries))
        {
            Catalogue.Enter(name, size, !whole, entries);
        }
    }
}
