using System.Runtime.CompilerServices;

namespace Capyd.Storage.Repository.Spool;

/// <summary>
/// A remote store behind a local spool: what is written is durable on the local disk and visible at once, and a
/// <see cref="SpoolShipper"/> carries it to the remote store, in this process or another. An outage of the remote store stops no writer.
/// That a name is taken by other bytes at the remote store shows only there; the local copy is then put aside.
/// </summary>
public sealed class SpooledObjectStore : IObjectStore, IDisposable
{
    private readonly SpoolRoom _room;

    /// <param name="openRemote">Tried again until it succeeds; may ask the remote store.</param>
    public SpooledObjectStore(SpoolSettings settings, Func<CancellationToken, Task<IObjectStore>> openRemote, TimeProvider clock)
    {
        Clock = clock;
        Files = new SpoolFiles(settings.Directory, clock);
        Remote = new RemoteSide(openRemote, settings, clock);
        Catalogue = RemoteCatalogue.Open(Files.Catalogue);
        _room = new SpoolRoom(Files, settings, clock);
        Shipper = new SpoolShipper(this, clock);
        Passing = new PassingStore(this);
    }

    /// <summary>The remote store past the spool: what is written is there when the call returns, and what fails was not written.</summary>
    public IObjectStore Passing { get; }

    /// <summary>Carries what waits to the remote store.</summary>
    public SpoolShipper Shipper { get; }

    /// <summary>Whether two different byte strings under one name say the same, as two sealed forms of one object do; they are the local
    /// and the remote one. Null when only the same bytes do.</summary>
    public Func<ObjectName, Stream, Stream, CancellationToken, Task<bool>>? SaysTheSame { get; set; }

    internal TimeProvider Clock { get; }

    internal SpoolFiles Files { get; }

    internal RemoteSide Remote { get; }

    internal RemoteCatalogue Catalogue { get; }

    public async Task<WrittenObject> WriteAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        await _room.RequireAsync(name, ct);
        var written = await Files.Objects.WriteAsync(name, write, ct);
        _room.Add(written.Size);
        Shipper.Wake();
        return written;
    }

    public async Task WriteNewAsync(ObjectName name, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await _room.RequireAsync(name, ct);
        await Files.Objects.WriteNewAsync(name, bytes, ct);
        _room.Add(bytes.Length);
        Shipper.Wake();
    }

    /// <summary>A name that is known to be taken at the remote store is refused at once, so that the caller can compare. While that store
    /// is away the comparison is left to the shipper.</summary>
    public async Task WriteNewAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        if (Remote.Outage is null && Catalogue.Contains(name) && !await Files.Gone.ExistsAsync(name, ct))
        {
            throw new ObjectExistsException(name);
        }

        await _room.RequireAsync(name, ct);
        await Files.Objects.WriteNewAsync(name, write, ct);
        Shipper.Wake();
    }

    public async Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct)
    {
        try
        {
            return await Files.Objects.OpenReadAsync(name, ct);
        }
        catch (ObjectMissingException)
        {
            await RequireNotGoneAsync(name, ct);
            return await FromRemoteAsync(name, store => store.OpenReadAsync(name, ct), ct);
        }
    }

    public async Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct)
    {
        if (await Files.Objects.ExistsAsync(name, ct))
        {
            try
            {
                await Files.Objects.ReadAtAsync(name, offset, buffer, ct);
                return;
            }
            catch (ObjectMissingException)
            {
                // It was shipped in this moment.
            }
        }

        await RequireNotGoneAsync(name, ct);
        await FromRemoteAsync(
            name,
            async store =>
            {
                await store.ReadAtAsync(name, offset, buffer, ct);
                return true;
            },
            ct);
    }

    public async Task<bool> ExistsAsync(ObjectName name, CancellationToken ct)
    {
        if (await Files.Objects.ExistsAsync(name, ct))
        {
            return true;
        }

        if (await Files.Gone.ExistsAsync(name, ct))
        {
            return false;
        }

        try
        {
            return await Remote.AskAsync(store => store.ExistsAsync(name, ct), ct);
        }
        catch (IOException e) when (RemoteSide.IsOutage(e))
        {
            return Catalogue.Contains(name);
        }
    }

    public async Task<StoredObject?> FindAsync(ObjectName name, CancellationToken ct)
    {
        if (await FindLocalAsync(name, ct) is { } waiting)
        {
            return waiting;
        }

        if (await Files.Gone.ExistsAsync(name, ct))
        {
            return null;
        }

        try
        {
            return await Remote.AskAsync(store => store.FindAsync(name, ct), ct);
        }
        catch (IOException e) when (RemoteSide.IsOutage(e) && Catalogue.IsWhole)
        {
            return Catalogue.List(name.ToString()).Find(known => known.Name == name);
        }
    }

    /// <summary>In order of name. While the remote store is away, what it held when capyd last knew.</summary>
    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        // An object moves from the spool to the remote store, so it is looked for in this order.
        var merge = new SpoolMerge(await AllAsync(Files.Objects, prefix, ct), await AllAsync(Files.Gone, prefix, ct));
        await foreach (var found in RemoteListAsync(prefix, ct))
        {
            foreach (var next in merge.Before(found))
            {
                yield return next;
            }
        }

        foreach (var next in merge.Rest())
        {
            yield return next;
        }
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        await Files.RemoveAsync(name, ct);
        Shipper.Wake();
    }

    /// <summary>Of the spool; what the remote store can take is not known.</summary>
    public Task<long> FreeBytesAsync(CancellationToken ct) => _room.FreeAsync(ct);

    /// <summary>How things stand on the local disk, and how they stood when the remote store was last asked.</summary>
    public async Task<SpoolStatus> ReadStatusAsync(CancellationToken ct)
    {
        var waiting = await AllAsync(Files.Objects, "", ct);
        var (removals, aside) = ((await AllAsync(Files.Gone, "", ct)).Count, (await AllAsync(Files.Aside, "", ct)).Count);
        return new SpoolStatus(
            waiting.Count, waiting.Sum(one => one.Size), waiting.Count == 0 ? null : waiting.Min(one => one.ModifiedAt),
            removals, aside, Remote.Outage?.Since, Remote.Outage?.Problem)
        {
            WalObjects = waiting.Count(one => SpoolOrder.IsWal(one.Name)),
        };
    }

    /// <summary>Removes what writers left behind that were killed. For the start, before anybody writes.</summary>
    public int RemoveHalfWritten() => Files.RemoveHalfWritten();

    public void Dispose()
    {
        Shipper.Dispose();
        Files.Dispose();
        Remote.Dispose();
        Catalogue.Dispose();
    }

    internal static async Task<List<StoredObject>> AllAsync(DirectoryObjectStore store, string prefix, CancellationToken ct)
    {
        var all = new List<StoredObject>();
        await foreach (var found in store.ListAsync(prefix, ct))
        {
            all.Add(found);
        }

        return all;
    }

    private async Task<StoredObject?> FindLocalAsync(ObjectName name, CancellationToken ct) =>
        await Files.Objects.ExistsAsync(name, ct) ? await ((IObjectStore)Files.Objects).FindAsync(name, ct) : null;

    private async Task RequireNotGoneAsync(ObjectName name, CancellationToken ct)
    {
        if (await Files.Gone.ExistsAsync(name, ct))
        {
            throw new ObjectMissingException(name);
        }
    }

    /// <summary>What is known not to be there is missing also while the remote store is away.</summary>
    private async Task<T> FromRemoteAsync<T>(ObjectName name, Func<IObjectStore, Task<T>> read, CancellationToken ct)
    {
        try
        {
            return await Remote.AskAsync(read, ct);
        }
        catch (IOException e) when (RemoteSide.IsOutage(e) && Catalogue.IsWhole && !Catalogue.Contains(name))
        {
            throw new ObjectMissingException(name);
        }
    }

    private async IAsyncEnumerable<StoredObject> RemoteListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = "";
        await using var remote = (await FirstAsync(prefix, ct))?.GetAsyncEnumerator(ct);
        while (remote is not null && await MoveAsync(remote) is { } more)
        {
            if (!more)
            {
                yield break;
            }

            last = remote.Current.Name.ToString();
            yield return remote.Current;
        }

        foreach (var known in Catalogue.List(prefix).Where(known => string.CompareOrdinal(known.Name.ToString(), last) > 0))
        {
            yield return known;
        }
    }

    /// <returns>Null when the remote store is away and its contents are known.</returns>
    private async Task<IAsyncEnumerable<StoredObject>?> FirstAsync(string prefix, CancellationToken ct)
    {
        try
        {
            return await Remote.AskAsync(store => Task.FromResult(store.ListAsync(prefix, ct)), ct);
        }
        catch (IOException e) when (RemoteSide.IsOutage(e) && Catalogue.IsWhole)
        {
            return null;
        }
    }

    /// <returns>Null when the remote store went away.</returns>
    private async Task<bool?> MoveAsync(IAsyncEnumerator<StoredObject> remote)
    {
        try
        {
            return await remote.MoveNextAsync();
        }
        catch (IOException e) when (RemoteSide.IsOutage(e))
        {
            Remote.Failed(e);
            return Catalogue.IsWhole ? null : throw new StoreUnavailableException(e.Message, e);
        }
    }
}
