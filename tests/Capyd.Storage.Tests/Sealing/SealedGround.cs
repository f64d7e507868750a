using System.Security.Cryptography;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Sealing;

namespace Capyd.Storage.Tests.Sealing;

/// <summary>A sealed repository in a directory of its own, with its key file beside it.</summary>
internal sealed class SealedGround : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SealedGround() => WriteKey("master.key");

    public string Root => _directory["repository"];

    public DirectoryObjectStore Inner => new(Root);

    public DirectoryObjectStore Copies => new(_directory["copies"]);

    public SteppedClock Clock { get; } = new(TestClock.Now);

    public MasterKeyFile Master => MasterKeyFile.OfKey(PathOf("master.key"));

    public static ObjectName Name(string name) => ObjectName.Parse(name);

    public static byte[] Content(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public string PathOf(string name) => _directory[name];

    public string FileOf(string name) => Path.Combine(Root, name);

    public MasterKeyFile WriteKey(string file)
    {
        File.WriteAllText(PathOf(file), MasterKeyFile.NewKeyText() + "\n");
        return MasterKeyFile.OfKey(PathOf(file));
    }

    public MasterKeyFile WritePassphrase(string file, string passphrase)
    {
        File.WriteAllText(PathOf(file), passphrase + "\n");
        return MasterKeyFile.OfPassphrase(PathOf(file));
    }

    public SealedRepository Repository(IObjectStore? inner = null, IObjectStore? copies = null) => new(inner ?? Inner, copies, Clock);

    public async Task<SealedObjectStore> OpenAsync(MasterKeyFile? file = null, IObjectStore? inner = null) =>
        (SealedObjectStore)await Repository(inner).OpenAsync(file ?? Master, mayBegin: true, CancellationToken.None);

    public static Task<WrittenObject> WriteAsync(IObjectStore store, string name, byte[] content) =>
        store.WriteAsync(Name(name), (stream, token) => stream.WriteAsync(content, token).AsTask(), CancellationToken.None);

    public static async Task<byte[]> ReadAsync(IObjectStore store, string name)
    {
        await using var stream = await store.OpenReadAsync(Name(name), CancellationToken.None);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public static async Task<List<StoredObject>> ListAsync(IObjectStore store, string prefix = "")
    {
        var found = new List<StoredObject>();
        await foreach (var one in store.ListAsync(prefix, CancellationToken.None))
        {
            found.Add(one);
        }

        return found;
    }

    public static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public void Dispose() => _directory.Dispose();
}
