using System.Globalization;
using System.Text;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>The objects that lay in the repository before it was sealed, with their sizes: only these are read without a
/// seal. The list itself is sealed (<c>keys/plain-before</c>), a line <c>SIZE NAME</c> for each.</summary>
internal sealed class PlainBefore
{
    private readonly Dictionary<ObjectName, long> _sizes;

    private PlainBefore(Dictionary<ObjectName, long> sizes) => _sizes = sizes;

    public static PlainBefore Nothing { get; } = new([]);

    public int Count => _sizes.Count;

    public static async Task<PlainBefore> TakeAsync(KeyObjects objects, CancellationToken ct)
    {
        var sizes = new Dictionary<ObjectName, long>();
        await foreach (var found in objects.OthersAsync(ct))
        {
            sizes[found.Name] = found.Size;
        }

        return new PlainBefore(sizes);
    }

    /// <exception cref="InvalidDataException">It is not what was sealed.</exception>
    public static async Task<PlainBefore> OpenAsync(byte[] stored, Func<DataKeyId, DataKey?> keys, CancellationToken ct)
    {
        var name = KeyObjects.PlainBeforeName;
        var key = SealFormat.IsSealed(stored) ? keys(SealFormat.KeyOf(stored)) : null;
        if (key is null)
        {
            throw new InvalidDataException($"{name} is not sealed with a key of this repository");
        }

        var seal = new ObjectSeal(key, stored.AsSpan(0, SealFormat.HeaderBytes), name);
        var frames = new MemoryStream(stored, SealFormat.HeaderBytes, stored.Length - SealFormat.HeaderBytes);
        using var reader = new StreamReader(new UnsealingStream(frames, seal, name), Encoding.UTF8);
        var sizes = new Dictionary<ObjectName, long>();
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            sizes[ObjectName.Parse(line[(space + 1)..])] = long.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture);
        }

        return new PlainBefore(sizes);
    }

    public async Task WriteAsync(Stream target, DataKey key, CancellationToken ct)
    {
        using var seal = ObjectSeal.New(key, KeyObjects.PlainBeforeName);
        await using var sealing = new SealingStream(target, seal);
        foreach (var (name, size) in _sizes)
        {
            await sealing.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{size} {name}\n")), ct);
        }

        await sealing.CompleteAsync(ct);
    }

    /// <summary>Whether the object may be without a seal.</summary>
    public bool Holds(ObjectName name) => _sizes.ContainsKey(name);

    /// <summary>Whether an object of that size is the plain one; a name may have been taken again since.</summary>
    public bool IsPlain(StoredObject found) => _sizes.TryGetValue(found.Name, out var size) && size == found.Size;
}
