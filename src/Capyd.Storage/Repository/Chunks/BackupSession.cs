namespace Capyd.Storage.Repository.Chunks;

/// <summary>A backup that is being written. Nobody sees it before <see cref="CommitAsync"/>; disposed without that, it
/// leaves at most packs that nothing refers to.</summary>
public sealed class BackupSession : IAsyncDisposable
{
    private readonly RepositoryContext _context;
    private readonly RepositoryLock _lock;
    private readonly PackWriter _packs;
    private readonly ManifestSpool _spool;
    private long _reused;

    internal BackupSession(string name, RepositoryContext context, RepositoryLock held)
    {
        Name = name;
        _context = context;
        Buffers = new ChunkBuffers(context.Options.ChunkBytes);
        _lock = held;
        _packs = new PackWriter(context.Store, context.Catalogue, context.Options.PackBytes);
        _spool = new ManifestSpool(context.Options.CacheDirectory);
    }

    public string Name { get; }

    internal ChunkBuffers Buffers { get; }

    /// <summary>Compressed bytes that were added so far.</summary>
    public long AddedBytes => _packs.AddedBytes;

    /// <summary>Stores bytes unless they are stored already. Safe for several threads.</summary>
    public async Task<ChunkRef> AddAsync(ReadOnlyMemory<byte> plain, CancellationToken ct)
    {
        var stored = Buffers.Rent(ChunkCodec.Bound(plain.Length));
        try
        {
            var length = _context.Codec.Compress(plain.Span, stored);
            var id = ChunkId.Of(stored.AsSpan(0, length));
            await _packs.AddAsync(id, stored.AsMemory(0, length), plain.Length, again: false, ct);
            return new ChunkRef(id, plain.Length);
        }
        finally
        {
            Buffers.Return(stored);
        }
    }

    /// <summary>Whether a chunk of an earlier backup can be referred to again; no damage to it is known.</summary>
    public bool TryReuse(ChunkRef chunk)
    {
        var held = _context.Catalogue.Holds(chunk.Id);
        if (held)
        {
            Interlocked.Increment(ref _reused);
        }

        return held;
    }

    /// <summary>Adds an entry whose chunks were added before, a directory or a link.</summary>
    public void AddEntry(ManifestEntry entry) => _spool.Append(entry);

    /// <summary>Stores a file and adds its entry, with the size that was read.</summary>
    /// <param name="known">Given a chunk's number and bytes: the reference under which an earlier backup has them, or null.</param>
    /// <returns>The entry as it was added.</returns>
    public async Task<ManifestEntry> AddFileAsync(
        ManifestEntry file, Stream content, Func<int, ReadOnlyMemory<byte>, ChunkRef?>? known, CancellationToken ct)
    {
        var chunks = await new FileChunking(this, _context.Options, known).RunAsync(content, ct);
        var entry = file with { Chunks = chunks, Size = chunks.Sum(static chunk => (long)chunk.Length) };
        _spool.Append(entry);
        return entry;
    }

    /// <summary>Makes everything durable and then, with one object, the backup visible.</summary>
    /// <param name="metadata">The owner's own text, kept in the header.</param>
    /// <exception cref="ObjectExistsException">There is a backup of that name.</exception>
    public async Task<BackupSummary> CommitAsync(string metadata, CancellationToken ct)
    {
        await _packs.FlushAsync(ct);
        var header = new ManifestHeader
        {
            Name = Name,
            CreatedAt = _context.Clock.GetUtcNow(),
            Entries = _spool.Entries,
            LogicalBytes = _spool.LogicalBytes,
            AddedBytes = _packs.AddedBytes,
            Chunks = _spool.Chunks,
            EntriesLength = _spool.Length,
            Metadata = metadata,
        };
        await _context.Store.WriteAsync(
            RepositoryNames.Manifest(Name), (stream, token) => _spool.WriteAsync(header, stream, token), ct);
        return new BackupSummary(header, _reused, _packs.AddedChunks);
    }

    public async ValueTask DisposeAsync()
    {
        await _packs.DisposeAsync();
        _spool.Dispose();
        _lock.Dispose();
    }
}
