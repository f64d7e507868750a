namespace Capyd.Storage.Repository.Sealing;

/// <summary>The opened data keys of a repository at one moment.</summary>
internal sealed class KeyRing(Dictionary<DataKeyId, DataKey> keys, PlainBefore plain)
{
    public PlainBefore Plain => plain;

    public IReadOnlyCollection<DataKey> Keys => keys.Values;

    /// <summary>What is sealed now is sealed under the key that was made last.</summary>
    public DataKey Current { get; } = keys.Values.MaxBy(key => (key.CreatedAt, key.Id))!;

    public DataKey? Find(DataKeyId id) => keys.GetValueOrDefault(id);

    /// <summary>Opens every data key.</summary>
    /// <param name="known">Keys that need not be opened again; null to open all.</param>
    /// <exception cref="RepositoryKeyException">The master key does not open one of them.</exception>
    /// <exception cref="InvalidDataException">The list of plain objects is not what was sealed.</exception>
    public static async Task<KeyRing> OpenAsync(KeyObjectsFound found, MasterKey master, KeyRing? known, CancellationToken ct)
    {
        var keys = new Dictionary<DataKeyId, DataKey>();
        foreach (var (id, wraps) in found.Wraps)
        {
            keys[id] = known?.Find(id) ?? Open(id, wraps, master) ?? throw Refused(id, wraps, master);
        }

        var plain = found.PlainBefore is null ? PlainBefore.Nothing : await PlainBefore.OpenAsync(found.PlainBefore, keys.GetValueOrDefault, ct);
        return new KeyRing(keys, plain);
    }

    private static DataKey? Open(DataKeyId id, List<WrappedKey> wraps, MasterKey master)
    {
        foreach (var wrap in wraps)
        {
            if (master.Unwrap(wrap, id) is { } key)
            {
                return key;
            }
        }

        return null;
    }

    private static RepositoryKeyException Refused(DataKeyId id, List<WrappedKey> wraps, MasterKey master)
    {
        var file = master.File;
        var given = file.IsPassphrase ? "the passphrase" : "the key";
        return wraps.Exists(master.Fits)
            ? new RepositoryKeyException($"{given} in {file.Path} does not open data key {id} of the repository: it is not the one that this repository was sealed with, or {KeyObjects.NameOf(wraps[0])} was altered. Put back the right file from your copy")
            : new RepositoryKeyException($"data key {id} of the repository is opened by {(file.IsPassphrase ? "a key file" : "a passphrase")}, and {given} in {file.Path} was given: configure the other kind");
    }
}
