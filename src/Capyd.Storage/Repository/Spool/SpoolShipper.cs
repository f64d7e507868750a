using Capyd.Storage.Repository.Chunks;

namespace Capyd.Storage.Repository.Spool;

/// <summary>
/// Carries the spool to the remote store: keys and WAL first, then by age. An object that makes others count is stored after them and removed
/// before them, and nothing is removed before everything that was written earlier is stored; so what the remote store holds is whole
/// at any moment. One process ships at a time. May be killed anywhere: what is sent twice changes nothing.
/// </summary>
public sealed class SpoolShipper : IDisposable
{
    private const int LargestBatch = 16;
    private const long UnderwayAfter = 17 << 20;

    /// <summary>Of any age, also by a clock that is behind the store's.</summary>
    private static readonly TimeSpan AnyAge = TimeSpan.FromDays(-1);
    private readonly SpooledObjectStore _store;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private bool _tidied;

    internal SpoolShipper(SpooledObjectStore store, TimeProvider clock)
    {
        _store = store;
        _clock = clock;
    }

    /// <summary>Bytes that arrived at the remote store since the start.</summary>
    public long ShippedBytes { get; private set; }

    /// <summary>Told, often, that something moves.</summary>
    public Action? Moved { get; set; }

    /// <summary>Told of each step of each object.</summary>
    public Action<ShippingStep>? Reached { get; set; }

    /// <summary>Null until the remote store took or removed something, or answered a question.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    public void Dispose() => _wake.Dispose();

    /// <summary>Something waits.</summary>
    internal void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    /// <summary>Until something is written or removed in this process, but not longer than given.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken ct) => _wake.WaitAsync(longest, ct);

    /// <summary>The right to ship; only its holder may call the other methods.</summary>
    /// <exception cref="RepositoryBusyException">Another process ships.</exception>
    public IDisposable Take()
    {
        DurableFile.CreateDirectory(Path.GetFullPath(_store.Files.Root));
        return RepositoryLock.Exclusive(_store.Files.ShipperLock, "shipping the spool");
    }

    /// <summary>Asks the remote store something small.</summary>
    /// <exception cref="IOException">It does not answer, or refuses.</exception>
    public async Task ProbeAsync(CancellationToken ct)
    {
        await _store.Remote.TryAsync(store => store.ExistsAsync(ObjectName.Parse("capyd-probe"), ct), ct);
        AnsweredAt = _clock.GetUtcNow();
    }

    /// <summary>Lists the remote store, so that its contents are known while it is away.</summary>
    /// <exception cref="IOException">It does not answer, or refuses.</exception>
    public async Task LearnAsync(CancellationToken ct)
    {
        const int batch = 500;
        _store.Catalogue.BeginRound();
        await _store.Remote.TryAsync(
            async store =>
            {
                var found = new List<StoredObject>(batch);
                await foreach (var one in store.ListAsync("", ct))
                {
                    found.Add(one);
                    if (found.Count == batch)
                    {
                        _store.Catalogue.Enter(found);
                        found.Clear();
                    }
                }

                _store.Catalogue.Enter(found);
            },
            ct);
        _store.Catalogue.EndRound();
        AnsweredAt = _clock.GetUtcNow();
    }

    /// <summary>Ships the next few objects, and removes what is to be removed when nothing else waits.</summary>
    /// <returns>False when nothing waits any more.</returns>
    /// <exception cref="IOException">The remote store does not answer, or refuses; everything stays where it is.</exception>
    public async Task<bool> ShipSomeAsync(CancellationToken ct)
    {
        // Each of these was written before the next listing begins, so what it relies on is in a later one.
        var goneData = await ListAsync(_store.Files.Gone, static one => !SpoolOrder.IsMarker(one.Name), ct);
        var goneMarkers = await ListAsync(_store.Files.Gone, static one => SpoolOrder.IsMarker(one.Name), ct);
        var markers = await ListAsync(_store.Files.Objects, static one => SpoolOrder.IsMarker(one.Name), ct);
        var data = await ListAsync(_store.Files.Objects, static one => !SpoolOrder.IsMarker(one.Name), ct);
        await TidyAsync(ct);
        var shipped = await ShipAsync(data, LargestBatch, ct);
        if (shipped == LargestBatch)
        {
            return true;
        }

        await ShipAsync(markers, int.MaxValue, ct);
        foreach (var gone in goneMarkers.Concat(goneData))
        {
            await RemoveAsync(gone.Name, ct);
        }

        return shipped + markers.Count + goneMarkers.Count + goneData.Count > 0;
    }

    /// <summary>Ends uploads that nobody will finish, of a shipper that died or could not reach the store any more: nobody else sends
    /// objects in parts, and this one sends none now. Where the store does not allow to list them, they stay.</summary>
    private async Task TidyAsync(CancellationToken ct)
    {
        if (_tidied)
        {
            return;
        }

        await _store.Remote.TryAsync(
            async store =>
            {
                try
                {
                    return await store.AbortForgottenUploadsAsync(AnyAge, ct);
                }
                catch (StoreRefusedException)
                {
                    return 0;
                }
            },
            ct);
        _tidied = true;
    }

    private async Task<int> ShipAsync(IEnumerable<StoredObject> waiting, int most, CancellationToken ct)
    {
        var shipped = 0;
        foreach (var one in waiting)
        {
            if (shipped == most)
            {
                break;
            }

            if (!await _store.Files.Gone.ExistsAsync(one.Name, ct))
            {
                await ShipAsync(one, ct);
                shipped++;
            }
        }

        return shipped;
    }

    private async Task ShipAsync(StoredObject one, CancellationToken ct)
    {
        try
        {
            await using var source = await _store.Files.Objects.OpenReadAsync(one.Name, ct);
            Reached?.Invoke(ShippingStep.Begins);
            await _store.Remote.TryAsync(store => store.WriteAsync(one.Name, (target, token) => CopyAsync(source, target, token), ct), ct);
            Reached?.Invoke(ShippingStep.Arrived);
            _store.Catalogue.Enter([one]);
            await _store.Files.ShippedAsync(one.Name, ct);
            ShippedBytes += one.Size;
        }
        catch (ObjectMissingException)
        {
            // It was removed after the listing.
        }
        catch (ObjectExistsException)
        {
            await SettleAsync(one, ct);
        }
        catch (IOException)
        {
            _tidied = false;
            throw;
        }

        AnsweredAt = _clock.GetUtcNow();
    }

    /// <summary>The remote store has other bytes under the name, which may yet say the same.</summary>
    private async Task SettleAsync(StoredObject one, CancellationToken ct)
    {
        if (await SaysTheSameAsync(one.Name, ct))
        {
            _store.Catalogue.Enter([one]);
            await _store.Files.ShippedAsync(one.Name, ct);
        }
        else
        {
            await _store.Files.PutAsideAsync(one.Name, ct);
        }
    }

    private async Task<bool> SaysTheSameAsync(ObjectName name, CancellationToken ct)
    {
        if (_store.SaysTheSame is not { } compare)
        {
            return false;
        }

        try
        {
            await using var local = await _store.Files.Objects.OpenReadAsync(name, ct);
            await using var remote = await _store.Remote.TryAsync(store => store.OpenReadAsync(name, ct), ct);
            return await compare(name, local, remote, ct);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private async Task RemoveAsync(ObjectName name, CancellationToken ct)
    {
        await _store.Remote.TryAsync(store => store.DeleteAsync(name, ct), ct);
        _store.Catalogue.Forget(name);
        await _store.Files.Gone.DeleteAsync(name, ct);
        AnsweredAt = _clock.GetUtcNow();
    }

    // A store may begin to write anew.
    private async Task CopyAsync(Stream source, Stream target, CancellationToken ct)
    {
        source.Position = 0;
        var buffer = new byte[1 << 16];
        while (await source.ReadAsync(buffer, ct) is > 0 and var read)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), ct);
            Moved?.Invoke();
            if (source.Position > UnderwayAfter)
            {
                Reached?.Invoke(ShippingStep.Underway);
            }
        }
    }

    private static async Task<List<StoredObject>> ListAsync(DirectoryObjectStore files, Func<StoredObject, bool> wanted, CancellationToken ct)
    {
        var all = await SpooledObjectStore.AllAsync(files, "", ct);
        return
        [
            .. all.Where(wanted).OrderBy(one => SpoolOrder.RankOf(one.Name)).ThenBy(one => one.ModifiedAt)
                .ThenBy(one => one.Name.ToString(), StringComparer.Ordinal),
        ];
    }
}
