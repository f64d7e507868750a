namespace Capyd.Storage.Repository.Chunks;

/// <summary>
/// Backups as manifests over chunks that are stored once. Any number of readers; one writer or one collection of
/// garbage at a time, across processes. What has no manifest is no backup.
/// </summary>
public sealed class ChunkRepository : IDisposable
{
    private readonly RepositoryContext _context;

    private ChunkRepository(RepositoryContext context) => _context = context;

    /// <summary>Opens the repository and brings its catalogue up to date, or builds it anew when it is missing or damaged.</summary>
    public static async Task<ChunkRepository> OpenAsync(
        IObjectStore store, ChunkRepositoryOptions options, TimeProvider clock, CancellationToken ct)
    {
        var least = ChunkCodec.Bound(options.ChunkBytes) + PackFormat.Magic.Length + PackFormat.FooterSize(1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PackBytes, least, nameof(options));
        DurableFile.CreateDirectory(Path.GetFullPath(options.CacheDirectory));
        var context = new RepositoryContext(store, options, clock);
        try
        {
            await context.ReconcileAsync(readAll: false, ct);
            return new ChunkRepository(context);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Begins a backup; nobody else can write until it is disposed.</summary>
    /// <param name="name">Letters, digits, '.', '_' and '-'; unique.</param>
    /// <exception cref="RepositoryBusyException">A backup or a collection of garbage is under way.</exception>
    /// <exception cref="ObjectExistsException">There is a backup of that name.</exception>
    public async Task<BackupSession> BeginBackupAsync(string name, CancellationToken ct)
    {
        var manifest = RepositoryNames.Manifest(name);
        var held = _context.LockForWriting($"backup {name}");
        try
        {
            await _context.ReconcileAsync(readAll: false, ct);
            return await _context.Store.ExistsAsync(manifest, ct)
                ? throw new ObjectExistsException(manifest)
                : new BackupSession(name, _context, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>All backups, by name.</summary>
    public async Task<BackupListing> ListAsync(CancellationToken ct)
    {
        var backups = new List<ManifestHeader>();
        var damaged = new List<string>();
        foreach (var name in await _context.BackupNamesAsync(ct))
        {
            try
            {
                backups.Add(await _context.Manifests.ReadHeaderAsync(name, ct));
            }
            catch (RepositoryDamagedException e)
            {
                damaged.Add(e.Message);
            }
            catch (ObjectMissingException)
            {
                // Deleted while the listing ran.
            }
        }

        return new BackupListing(backups, damaged);
    }

    /// <summary>A checked manifest. While it is open, no garbage is collected.</summary>
    /// <exception cref="ObjectMissingException">There is no such backup.</exception>
    /// <exception cref="RepositoryDamagedException">The manifest is damaged.</exception>
    /// <exception cref="RepositoryBusyException">Garbage is being collected.</exception>
    public async Task<ManifestReader> OpenManifestAsync(string name, CancellationToken ct)
    {
        var held = _context.LockForReading($"reading backup {name}");
        try
        {
            return await _context.Manifests.OpenAsync(name, held, ct);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The content of a file, from its beginning to its end; every chunk is verified.</summary>
    /// <param name="ahead">Of a reader that reads much of a backup, about in its order; null when there is none.</param>
    public Stream OpenFile(ManifestEntry file, ChunkReadAhead? ahead = null) => new ChunkedFileStream(this, file, ahead);

    /// <summary>For a reader of many chunks; null where the store is near, and each chunk is read by itself.</summary>
    public ChunkReadAhead? ReadAhead() => _context.Options.IsFar ? new ChunkReadAhead(_context) : null;

    /// <summary>Reads and verifies one chunk, from any pack that has it whole. Safe for several threads.</summary>
    /// <param name="plain">Exactly as long as the reference says.</param>
    /// <exception cref="RepositoryDamagedException">No pack has it whole.</exception>
    public Task ReadChunkAsync(ChunkRef chunk, Memory<byte> plain, CancellationToken ct) => ReadChunkAsync(chunk, plain, null, ct);

    internal Task ReadChunkAsync(ChunkRef chunk, Memory<byte> plain, ChunkReadAhead? ahead, CancellationToken ct) =>
        new ChunkReading(_context, chunk, ahead).RunAsync(plain, ct);

    /// <summary>Removes a backup; its chunks go with the next collection of garbage. One that is not there is fine.</summary>
    public Task DeleteBackupAsync(string name, CancellationToken ct) =>
        _context.Store.DeleteAsync(RepositoryNames.Manifest(name), ct);

    /// <summary>Removes chunks that no backup refers to.</summary>
    /// <exception cref="RepositoryBusyException">A backup is being written or read.</exception>
    /// <exception cref="RepositoryDamagedException">A manifest cannot be read; nothing was removed.</exception>
    public async Task<GarbageReport> CollectGarbageAsync(CancellationToken ct)
    {
        using var writing = _context.LockForWriting("collecting garbage");
        using var reading = _context.LockOutReaders("collecting garbage");
        return await new GarbageCollection(_context).RunAsync(ct);
    }

    /// <summary>Verifies manifests, the lists of all packs, and that every reference leads somewhere.</summary>
    /// <param name="readData">Also reads every chunk and compares it with its name.</param>
    /// <param name="progress">The share of packs that were read, 0 to 1.</param>
    public async Task<RepositoryCheck> CheckAsync(bool readData, Action<double>? progress, CancellationToken ct)
    {
        using var reading = _context.LockForReading("a check");
        return await new RepositoryCheckRun(_context, readData, progress).RunAsync(ct);
    }

    public async Task<RepositoryStats> StatsAsync(CancellationToken ct)
    {
        var listing = await ListAsync(ct);
        var packs = _context.Catalogue.Packs();
        var (chunks, _, plain) = _context.Catalogue.Totals();
        return new RepositoryStats(
            listing.Backups.Count + listing.Damaged.Count,
            listing.Backups.Sum(static backup => backup.LogicalBytes),
            packs.Count,
            chunks,
            plain,
            packs.Sum(static pack => pack.Size));
    }

    /// <summary>Throws the catalogue away and reads it from the packs.</summary>
    /// <exception cref="RepositoryBusyException">A backup is being written.</exception>
    public async Task RebuildCatalogueAsync(CancellationToken ct)
    {
        using var writing = _context.LockForWriting("rebuilding the catalogue");
        using var reading = _context.LockOutReaders("rebuilding the catalogue");
        _context.Catalogue.Reset();
        await _context.ReconcileAsync(readAll: true, ct);
    }

    public void Dispose() => _context.Dispose();
}
