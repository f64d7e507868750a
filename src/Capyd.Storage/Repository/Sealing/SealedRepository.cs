namespace Capyd.Storage.Repository.Sealing;

/// <summary>Decides how a repository is used: sealed, or plain when it has no keys and none is wanted. Changes its keys.</summary>
/// <param name="inner">Below the sealing.</param>
/// <param name="copies">A local place for copies of <c>keys/</c>, so that the keys open while the repository does not
/// answer; null for who does not write it.</param>
public sealed class SealedRepository(IObjectStore inner, IObjectStore? copies, TimeProvider clock)
{
    private readonly KeyObjects _objects = new(inner, copies);

    /// <summary>The store to work with.</summary>
    /// <param name="file">Null when no encryption is configured.</param>
    /// <param name="mayBegin">Whether a repository without any object gets its first data key.</param>
    /// <exception cref="RepositoryKeyException">Configuration and repository do not fit; the message says what to do.</exception>
    public async Task<IObjectStore> OpenAsync(MasterKeyFile? file, bool mayBegin, CancellationToken ct)
    {
        if (file is null)
        {
            return await IsSealedAsync(ct)
                ? throw new RepositoryKeyException("the repository is encrypted and no key is configured: set repository.encryption.key_file or passphrase_file; capyd never writes plain objects beside encrypted ones")
                : inner;
        }

        var found = await _objects.ReadAsync(ct);
        if (found.Wraps.Count > 0)
        {
            using var master = file.Read();
            return new SealedObjectStore(inner, await RepositoryKeys.OpenAsync(_objects, found, master, ct));
        }

        return mayBegin && await IsEmptyAsync(ct)
            ? new SealedObjectStore(inner, await BeginAsync(file, ct))
            : throw new RepositoryKeyException("encryption is configured, and the repository has no key but may hold objects: stop the daemon and run capyd repository key init, which keeps what is there readable and encrypts what comes; or remove repository.encryption");
    }

    /// <summary>Whether the repository has keys. While it does not answer, the local copies tell.</summary>
    public async Task<bool> IsSealedAsync(CancellationToken ct) => (await _objects.ReadAsync(ct)).Wraps.Count > 0;

    /// <summary>Makes the first data key. What is in the repository stays readable as it is; everything else must be sealed from now on.
    /// Nobody may write meanwhile.</summary>
    /// <exception cref="RepositoryKeyException">It has keys already.</exception>
    public async Task<RepositoryKeys> BeginAsync(MasterKeyFile file, CancellationToken ct)
    {
        using var master = file.Read();
        var found = await _objects.ReadAsync(ct);
        if (found.Wraps.Count > 0)
        {
            throw new RepositoryKeyException("the repository has a key already: capyd repository key list shows it, key rotate makes another");
        }

        var key = DataKey.New(clock.GetUtcNow());
        await _objects.DeleteAsync(KeyObjects.PlainBeforeName, ct);
        var plain = await PlainBefore.TakeAsync(_objects, ct);
        if (plain.Count > 0)
        {
            await _objects.WritePlainBeforeAsync((stream, token) => plain.WriteAsync(stream, key, token), ct);
        }

        // From here on the repository is sealed. A list without this key, left by a kill, is of no use to anybody.
        await _objects.WriteAsync(master.Wrap(key, generation: 1), ct);
        return await RepositoryKeys.OpenAsync(_objects, await _objects.ReadAsync(ct), master, ct);
    }

    /// <summary>Makes a new data key for what is written from now on. Nothing is sealed anew; the old keys go on opening it.</summary>
    public async Task<DataKeyInfo> RotateAsync(MasterKeyFile file, CancellationToken ct)
    {
        using var master = file.Read();
        var ring = await RingAsync(master, ct);
        var (now, last) = (clock.GetUtcNow(), ring.Current.CreatedAt);
        var key = DataKey.New(now > last ? now : last.AddMilliseconds(1));
        await _objects.WriteAsync(master.Wrap(key, generation: 1), ct);
        return new DataKeyInfo(key.Id, key.CreatedAt, IsCurrent: true);
    }

    /// <summary>Wraps every data key with another master key, then forgets the old wraps. Killed anywhere, one of the two
    /// files opens everything, and the same call completes the work.</summary>
    /// <param name="arrived">Waits until the new wraps are where they are to stay, before the old ones are removed; for a store that
    /// writes somewhere else first. Null for no such store.</param>
    /// <returns>The number of data keys.</returns>
    /// <exception cref="RepositoryKeyException">Neither of the two opens a data key; nothing was changed.</exception>
    public async Task<int> RewrapAsync(MasterKeyFile file, MasterKeyFile next, Func<CancellationToken, Task>? arrived, CancellationToken ct)
    {
        var found = await _objects.ReadAsync(ct);
        if (found.Wraps.Count == 0)
        {
            throw new RepositoryKeyException("the repository has no key: capyd repository key init makes the first");
        }

        using var master = next.Read();
        var fresh = await WrapAsync(found, file, master, ct);
        await (arrived?.Invoke(ct) ?? Task.CompletedTask);
        foreach (var wrap in found.Wraps.Values.SelectMany(wraps => wraps).Where(wrap => !fresh.Contains(KeyObjects.NameOf(wrap))))
        {
            await _objects.DeleteAsync(KeyObjects.NameOf(wrap), ct);
        }

        await _objects.ReadAsync(ct); // the local copies follow
        return found.Wraps.Count;
    }

    /// <returns>The wraps that stay: one for each data key, opened by <paramref name="master"/>.</returns>
    private async Task<HashSet<ObjectName>> WrapAsync(KeyObjectsFound found, MasterKeyFile file, MasterKey master, CancellationToken ct)
    {
        var (fresh, missing) = (new HashSet<ObjectName>(), new List<DataKeyId>());
        foreach (var (id, wraps) in found.Wraps)
        {
            if (wraps.Find(wrap => master.Unwrap(wrap, id) is not null) is { } done)
            {
                fresh.Add(KeyObjects.NameOf(done));
            }
            else
            {
                missing.Add(id);
            }
        }

        if (missing.Count == 0)
        {
            return fresh;
        }

        // With all of them open before the first is written, a wrong file changes nothing.
        using var old = file.Read();
        var ring = await KeyRing.OpenAsync(found with { Wraps = missing.ToDictionary(id => id, id => found.Wraps[id]), PlainBefore = null }, old, known: null, ct);
        foreach (var id in missing)
        {
            var wrap = master.Wrap(ring.Find(id)!, found.Wraps[id][0].Generation + 1);
            await _objects.WriteAsync(wrap, ct);
            fresh.Add(KeyObjects.NameOf(wrap));
        }

        return fresh;
    }

    private async Task<KeyRing> RingAsync(MasterKey master, CancellationToken ct)
    {
        var found = await _objects.ReadAsync(ct);
        return found.Wraps.Count > 0
            ? await KeyRing.OpenAsync(found, master, known: null, ct)
            : throw new RepositoryKeyException("the repository has no key: capyd repository key init makes the first");
    }

    private async Task<bool> IsEmptyAsync(CancellationToken ct)
    {
        await foreach (var _ in _objects.OthersAsync(ct))
        {
            return false;
        }

        return true;
    }
}
