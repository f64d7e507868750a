namespace Capyd.Storage.Repository.Sealing;

/// <summary>The data keys of a sealed repository, opened with the master key. Made by <see cref="SealedRepository"/>.</summary>
public sealed class RepositoryKeys
{
    private readonly KeyObjects _objects;
    private readonly MasterKeyFile _file;
    private volatile KeyRing _ring;

    private RepositoryKeys(KeyObjects objects, MasterKeyFile file, KeyRing ring) => (_objects, _file, _ring) = (objects, file, ring);

    internal KeyRing Ring => _ring;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<DataKeyInfo> List()
    {
        var ring = _ring;
        return [.. ring.Keys.OrderBy(key => key.CreatedAt).Select(key => new DataKeyInfo(key.Id, key.CreatedAt, key == ring.Current))];
    }

    /// <summary>Objects from before the repository was sealed, of which the newest list knows; some may have expired.</summary>
    public int PlainObjects => _ring.Plain.Count;

    internal static async Task<RepositoryKeys> OpenAsync(KeyObjects objects, KeyObjectsFound found, MasterKey master, CancellationToken ct) =>
        new(objects, master.File, await KeyRing.OpenAsync(found, master, known: null, ct));

    /// <summary>Takes up data keys that another process has made since.</summary>
    /// <exception cref="RepositoryKeyException">The master key does not open one of them.</exception>
    public async Task RefreshAsync(CancellationToken ct)
    {
        var found = await _objects.ReadAsync(ct);
        if (found.Wraps.Count > 0)
        {
            using var master = _file.Read();
            _ring = await KeyRing.OpenAsync(found, master, _ring, ct);
        }
    }

    /// <summary>Takes them up when there is one that is not known, which the names alone tell.</summary>
    /// <returns>Whether anything was sealed under another key before.</returns>
    /// <inheritdoc cref="RefreshAsync"/>
    public async Task<bool> NoticeAsync(CancellationToken ct)
    {
        var before = _ring.Current.Id;
        if (await _objects.HasOtherThanAsync(_ring, ct))
        {
            await RefreshAsync(ct);
        }

        return _ring.Current.Id != before;
    }

    /// <summary>Reads the file of the master key afresh and opens with it every data key that is in use.</summary>
    /// <returns>The number of data keys.</returns>
    /// <exception cref="RepositoryKeyException">The file is gone, is another one, or a data key is no longer in the repository.</exception>
    public async Task<int> VerifyAsync(CancellationToken ct)
    {
        var known = _ring;
        var found = await _objects.ReadAsync(ct);
        foreach (var key in known.Keys)
        {
            if (!found.Wraps.ContainsKey(key.Id))
            {
                throw new RepositoryKeyException($"data key {key.Id} is no longer in the repository ({KeyObjects.Prefix}{key.Id}-…), and what was sealed with it can be read by nobody after the next restart: put it back from a copy of the repository");
            }
        }

        using var master = _file.Read();
        var fresh = await KeyRing.OpenAsync(found, master, known: null, ct);
        foreach (var key in known.Keys)
        {
            if (fresh.Find(key.Id) is not { } same || !same.IsSameAs(key))
            {
                throw new RepositoryKeyException($"data key {key.Id} in the repository is not the one that this daemon works with: put {KeyObjects.Prefix}{key.Id}-… back from a copy of the repository");
            }
        }

        _ring = fresh;
        return fresh.Keys.Count;
    }

    /// <exception cref="InvalidDataException">The repository has no such key.</exception>
    internal async ValueTask<DataKey> FindAsync(DataKeyId id, CancellationToken ct)
    {
        if (_ring.Find(id) is { } known)
        {
            return known;
        }

        await RefreshAsync(ct);
        return _ring.Find(id) ?? throw new InvalidDataException($"it is sealed with data key {id}, which is not in the repository: put {KeyObjects.Prefix}{id}-… back from a copy of the repository");
    }
}
