using System.Security.Cryptography;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.S3;

namespace Capyd.Storage.Tests.S3;

/// <summary>A fresh bucket and what tests do with it.</summary>
internal sealed class S3Ground(S3Server server, string bucket)
{
    public static readonly ObjectName Name = ObjectName.Parse("wal/0001/segment.zst");

    public static async Task<S3Ground> NewAsync(S3Server server) => new(server, await server.NewBucketAsync());

    public S3Settings Settings => new(server.Endpoint, bucket, new S3Credentials(S3Server.AccessKey, S3Server.SecretKey))
    {
        AllowHttp = true,
        Prefix = "capyd/main",
        PartSize = S3Settings.SmallestPart,
        RetryBase = TimeSpan.FromMilliseconds(20),
    };

    public S3ObjectStore NewStore(Func<S3Settings, S3Settings>? change = null) =>
        new((change ?? (settings => settings))(Settings), TimeProvider.System);

    public static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
#pragma warning disable CA5394 // the same bytes each time
        new Random(seed).NextBytes(bytes);
#pragma warning restore CA5394
        return bytes;
    }

    public static Task<WrittenObject> WriteAsync(S3ObjectStore store, ObjectName name, byte[] bytes) =>
        store.WriteAsync(name, (stream, ct) => stream.WriteAsync(bytes, ct).AsTask(), default);

    public static async Task<string> DigestAsync(S3ObjectStore store, ObjectName name)
    {
        await using var stream = await store.OpenReadAsync(name, default);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }

    public static async Task<List<StoredObject>> ListAsync(S3ObjectStore store, string prefix = "")
    {
        List<StoredObject> found = [];
        await foreach (var entry in store.ListAsync(prefix, default))
        {
            found.Add(entry);
        }

        return found;
    }

    /// <summary>Uploads in the bucket that were begun and not ended.</summary>
    public async Task<int> UnfinishedAsync()
    {
        using var client = new S3Client(Settings, TimeProvider.System);
        var count = 0;
        await foreach (var _ in S3Multipart.UnfinishedAsync(client, "", default))
        {
            count++;
        }

        return count;
    }
}
