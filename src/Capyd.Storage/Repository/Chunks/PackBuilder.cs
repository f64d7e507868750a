namespace Capyd.Storage.Repository.Chunks;

/// <summary>A pack that is filled in memory.</summary>
internal sealed class PackBuilder(int capacity)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);
    private readonly List<StoredChunk> _entries = [];
    private int _used = Start(capacity);

    public IReadOnlyList<StoredChunk> Entries => _entries;

    /// <summary>Whether a chunk fits; one of at most the largest stored size always fits into an empty pack.</summary>
    public bool Fits(int stored) => _used + stored + PackFormat.FooterSize(_entries.Count + 1) <= _bytes.Length;

    public void Add(ChunkId id, ReadOnlySpan<byte> stored, int plain)
    {
        if (_entries.Count == 0)
        {
            PackFormat.Magic.CopyTo(_bytes);
        }

        stored.CopyTo(_bytes.AsSpan(_used));
        _entries.Add(new StoredChunk(id, _used, stored.Length, plain));
        _used += stored.Length;
    }

    /// <summary>The pack's bytes with its footer; valid until the builder is reset.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        var footer = PackFormat.FooterSize(_entries.Count);
        PackFormat.WriteFooter(_bytes.AsSpan(_used, footer), _entries);
        return _bytes.AsMemory(0, _used + footer);
    }

    public void Reset()
    {
        _entries.Clear();
        _used = PackFormat.Magic.Length;
    }

    private static int Start(int capacity) =>
        capacity > PackFormat.Magic.Length ? PackFormat.Magic.Length : throw new ArgumentOutOfRangeException(nameof(capacity));
}
