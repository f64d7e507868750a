using System.Globalization;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>
/// For a store where each request takes its time: chunks that lie side by side in a pack, as those of one backup do, are fetched together,
/// and what follows them at the same time. Holds no more than a few windows in memory. Safe for several threads.
/// </summary>
public sealed class ChunkReadAhead : IDisposable
{
    /// <summary>As many frames of a sealed object as are read at once.</summary>
    private const int WindowBytes = 15 << 16;
    private const int Kept = 24;
    private const int Ahead = 3;
    private const int AtOnce = 4;

    private readonly RepositoryContext _context;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PackWindow> _windows = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _fetching = new(AtOnce);
    private readonly CancellationTokenSource _ended = new();

    internal ChunkReadAhead(RepositoryContext context)
    {
        _context = context;
        foreach (var pack in context.Catalogue.Packs())
        {
            _sizes[pack.Name] = pack.Size;
        }
    }

    public void Dispose() => _ended.Cancel();

    /// <summary>Fills the buffer with a chunk as it is stored.</summary>
    /// <returns>False when it has to be read by itself: the pack is new, or something near the chunk cannot be read.</returns>
    internal async Task<bool> TryReadAsync(ChunkLocation place, Memory<byte> stored, CancellationToken ct)
    {
        if (!_sizes.TryGetValue(place.Pack, out var size) || (long)place.Chunk.Offset + stored.Length > size)
        {
            return false;
        }

        try
        {
            for (var done = 0; done < stored.Length;)
            {
                var window = Take(place.Pack, (place.Chunk.Offset + done) / WindowBytes, size);
                await window.Arrived.WaitAsync(ct);
                var from = (int)(place.Chunk.Offset + done - window.Start);
                var count = Math.Min(stored.Length - done, window.Bytes.Length - from);
                window.Bytes.AsMemory(from, count).CopyTo(stored[done..]);
                done += count;
            }

            return true;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ObjectMissingException)
        {
            return false;
        }
    }

    private PackWindow Take(string pack, int number, long size)
    {
        lock (_gate)
        {
            var sequential = number == 0 || _windows.ContainsKey(Key(pack, number - 1));
            var wanted = TakeOne(pack, number, size);
            for (var next = number + 1; sequential && next <= number + Ahead && (long)next * WindowBytes < size; next++)
            {
                TakeOne(pack, next, size);
            }

            return wanted;
        }
    }

    private PackWindow TakeOne(string pack, int number, long size)
    {
        var key = Key(pack, number);
        if (_windows.TryGetValue(key, out var known) && !known.Arrived.IsFaulted)
        {
            return known;
        }

        var start = (long)number * WindowBytes;
        var window = new PackWindow(pack, start, GC.AllocateUninitializedArray<byte>((int)Math.Min(WindowBytes, size - start)));
        window.Arrived = FetchAsync(window);
        if (known is null)
        {
            _order.Enqueue(key);
        }

        _windows[key] = window;
        while (_order.Count > Kept)
        {
            _windows.Remove(_order.Dequeue());
        }

        return window;
    }

    private async Task FetchAsync(PackWindow window)
    {
        await _fetching.WaitAsync(_ended.Token);
        try
        {
            await _context.Store.ReadAtAsync(RepositoryNames.Pack(window.Pack), window.Start, window.Bytes, _ended.Token);
        }
        finally
        {
            _fetching.Release();
        }
    }

    private static string Key(string pack, int number) => string.Create(CultureInfo.InvariantCulture, $"{pack} {number}");
}
