using System.Runtime.CompilerServices;

namespace Capyd.Storage.Repository.S3;

/// <summary>Objects in a bucket of an S3-compatible store. Safe for use by many at once.</summary>
/// <remarks>All methods throw <see cref="StoreUnavailableException"/> when the store is away, and <see cref="StoreRefusedException"/>
/// when it says no. Names are never replaced; only where a store ignores conditions on writes (Ceph 16 does for uploads in parts), two writers
/// of one name within the same moment are not told apart.</remarks>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private readonly S3Client _client;
    private readonly S3Objects _objects;
    private readonly string _prefix;

    /// <exception cref="ArgumentException">The settings cannot be right.</exception>
    public S3ObjectStore(S3Settings settings, TimeProvider clock)
    {
        settings.Validate();
        _client = new S3Client(settings, clock);
        _objects = new S3Objects(_client);
        _prefix = settings.Prefix.Length == 0 ? "" : settings.Prefix + "/";
    }

    public async Task<WrittenObject> WriteAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        await using var upload = new S3UploadStream(_client, _objects, KeyOf(name), ct);
        await using var hashing = new HashingStream(upload);
        await write(hashing, ct);
        ct.ThrowIfCancellationRequested();
        var written = new WrittenObject(name, hashing.Length, hashing.Sha256);
        return await upload.FinishAsync(written.Size, written.Sha256) ? written : throw new ObjectExistsException(name);
    }

    public async Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct) =>
        await S3ReadStream.OpenAsync(_client, KeyOf(name), range: null, ct) ?? throw new ObjectMissingException(name);

    public async Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct)
    {
        if (buffer.Length == 0)
        {
            return;
        }

        await using var stream = await S3ReadStream.OpenAsync(_client, KeyOf(name), (offset, buffer.Length), ct)
            ?? throw new ObjectMissingException(name);
        await stream.ReadExactlyAsync(buffer, ct);
    }

    public async Task<bool> ExistsAsync(ObjectName name, CancellationToken ct) =>
        await _objects.FindAsync(KeyOf(name), ct) is not null;

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var (key, size, modifiedAt) in S3Listing.AllAsync(_client, _prefix + prefix, ct))
        {
            if (ObjectName.TryParse(key[_prefix.Length..], out var name))
            {
                yield return new StoredObject(name, size, modifiedAt);
            }
        }
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        using var answer = await _client.SendAsync(
            new S3Request(HttpMethod.Delete, KeyOf(name)) { Expected = [System.Net.HttpStatusCode.NotFound] }, ct);
    }

    public Task<long> FreeBytesAsync(CancellationToken ct) => Task.FromResult(long.MaxValue);

    /// <summary>Removes the parts of uploads that nobody finished: of a writer that was killed, or could not reach the store any more.</summary>
    /// <param name="olderThan">Younger ones may belong to somebody who still writes.</param>
    /// <returns>The number of uploads.</returns>
    public Task<int> AbortForgottenUploadsAsync(TimeSpan olderThan, CancellationToken ct) =>
        S3Multipart.AbortOlderAsync(_client, _prefix, _client.Clock.GetUtcNow() - olderThan, ct);

    /// <summary>The keys of uploads in parts that were begun and neither completed nor aborted, their prefix included.</summary>
    public async Task<IReadOnlyList<string>> UnfinishedUploadsAsync(CancellationToken ct)
    {
        var keys = new List<string>();
        await foreach (var (key, _, _) in S3Multipart.UnfinishedAsync(_client, _prefix, ct))
        {
            keys.Add(key);
        }

        return keys;
    }

    /// <summary>Asks for one key of the bucket: shows that it is there and that the credentials fit.</summary>
    /// <returns>How far this host's clock is ahead of the store's; null if the store does not tell the time.</returns>
    public async Task<TimeSpan?> ProbeAsync(CancellationToken ct)
    {
        using var answer = await _client.SendAsync(S3Listing.Request(_prefix, pageSize: 1, after: null), ct);
        return _client.Clock.GetUtcNow() - answer.Date;
    }

    public void Dispose() => _client.Dispose();

    private string KeyOf(ObjectName name) => _prefix + name;
}
