using System.Globalization;
using System.Text.Json;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>The objects below <c>keys/</c>, which lie beneath the sealing, and a copy of them on a local disk.</summary>
/// <param name="copies">Used while the repository does not answer; null for who does not write it.</param>
internal sealed class KeyObjects(IObjectStore repository, IObjectStore? copies)
{
    public const string Prefix = "keys/";

    private const string Suffix = ".json";
    private const int LongestObject = 64 << 20;

    public static ObjectName PlainBeforeName { get; } = ObjectName.Parse("keys/plain-before");

    public static bool IsOne(ObjectName name) => name.ToString().StartsWith(Prefix, StringComparison.Ordinal);

    public static ObjectName NameOf(WrappedKey wrap) => ObjectName.Parse(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{wrap.KeyId}-{wrap.Generation}{Suffix}"));

    /// <summary>All wraps, the newest of each data key first, and the list of plain objects if there is one.</summary>
    /// <exception cref="RepositoryKeyException">An object cannot be understood.</exception>
    public async Task<KeyObjectsFound> ReadAsync(CancellationToken ct)
    {
        Dictionary<ObjectName, byte[]> objects;
        try
        {
            objects = await ReadAllAsync(repository, ct);
        }
        catch (IOException) when (copies is not null)
        {
            return Parse(await ReadAllAsync(copies, ct));
        }

        if (copies is not null)
        {
            await MirrorAsync(objects, ct);
        }

        return Parse(objects);
    }

    public async Task WriteAsync(WrappedKey wrap, CancellationToken ct)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(wrap, SealingJson.Default.WrappedKey);
        await repository.WriteAsync(NameOf(wrap), (stream, token) => stream.WriteAsync(bytes, token).AsTask(), ct);
    }

    public Task WritePlainBeforeAsync(Func<Stream, CancellationToken, Task> write, CancellationToken ct) => repository.WriteAsync(PlainBeforeName, write, ct);

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => repository.DeleteAsync(name, ct);

    /// <summary>Everything that is not below <c>keys/</c>.</summary>
    public async IAsyncEnumerable<StoredObject> OthersAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var found in repository.ListAsync("", ct))
        {
            if (!IsOne(found.Name))
            {
                yield return found;
            }
        }
    }

    /// <summary>Whether there is a data key that is not in the ring.</summary>
    public async Task<bool> HasOtherThanAsync(KeyRing ring, CancellationToken ct)
    {
        await foreach (var found in repository.ListAsync(Prefix, ct))
        {
            var name = found.Name.ToString();
            if (name.EndsWith(Suffix, StringComparison.Ordinal) && name[Prefix.Length..].Split('-') is [var text, _] && DataKeyId.TryParse(text, out var id) && ring.Find(id) is null)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<Dictionary<ObjectName, byte[]>> ReadAllAsync(IObjectStore store, CancellationToken ct)
    {
        var objects = new Dictionary<ObjectName, byte[]>();
        await foreach (var found in store.ListAsync(Prefix, ct))
        {
            if (found.Size > LongestObject)
            {
                throw new RepositoryKeyException($"{found.Name} has {found.Size} bytes and so was not written by capyd; remove it from the repository");
            }

            await using var stream = await store.OpenReadAsync(found.Name, ct);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, ct);
            objects[found.Name] = bytes.ToArray();
        }

        return objects;
    }

    private static KeyObjectsFound Parse(Dictionary<ObjectName, byte[]> objects)
    {
        var wraps = new Dictionary<DataKeyId, List<WrappedKey>>();
        foreach (var (name, bytes) in objects)
        {
            if (name.ToString().EndsWith(Suffix, StringComparison.Ordinal))
            {
                var (id, wrap) = ParseWrap(name, bytes);
                (wraps.TryGetValue(id, out var same) ? same : wraps[id] = []).Add(wrap);
            }
        }

        foreach (var same in wraps.Values)
        {
            same.Sort((one, other) => other.Generation.CompareTo(one.Generation));
        }

        return new KeyObjectsFound(wraps, objects.GetValueOrDefault(PlainBeforeName));
    }

    private static (DataKeyId Id, WrappedKey Wrap) ParseWrap(ObjectName name, byte[] bytes)
    {
        try
        {
            var wrap = JsonSerializer.Deserialize(bytes, SealingJson.Default.WrappedKey);
            if (wrap is { Format: WrappedKey.CurrentFormat, Nonce: not null, Wrapped: not null } && DataKeyId.TryParse(wrap.KeyId, out var id) && NameOf(wrap) == name)
            {
                return (id, wrap);
            }

            throw new RepositoryKeyException($"{name} in the repository is not a wrapped key of format {WrappedKey.CurrentFormat}: put it back from a copy of the repository, or use a later capyd");
        }
        catch (JsonException e)
        {
            throw new RepositoryKeyException($"{name} in the repository is damaged: put it back from a copy of the repository", e);
        }
    }

    private async Task MirrorAsync(Dictionary<ObjectName, byte[]> objects, CancellationToken ct)
    {
        var stale = await ReadAllAsync(copies!, ct);
        if (objects.Count == 0 && stale.Count > 0)
        {
            throw new RepositoryKeyException($"the repository has no keys, but this host has copies of them ({string.Join(", ", stale.Keys)}): it is another repository, or its keys were removed. Put them back from the copies, or move the copies away");
        }

        foreach (var (name, bytes) in objects)
        {
            if (stale.Remove(name, out var kept) && kept.AsSpan().SequenceEqual(bytes))
            {
                continue;
            }

            await copies!.DeleteAsync(name, ct);
            await copies.WriteAsync(name, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), ct);
        }

        foreach (var name in stale.Keys)
        {
            await copies!.DeleteAsync(name, ct);
        }
    }
}
