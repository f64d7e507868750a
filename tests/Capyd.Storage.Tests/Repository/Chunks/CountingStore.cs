using Capyd.Storage.Repository;

namespace Capyd.Storage.Tests.Repository.Chunks;

/// <summary>Counts reads of stretches, and refuses those that touch a bad place of a pack, as a sealed store does.</summary>
internal sealed class CountingStore(IObjectStore inner) : IObjectStore
{
    private int _reads;

    public int Reads => _reads;

    /// <summary>In every pack; null when all is well.</summary>
    public long? BadPlace { get; set; }

    public async Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct)
    {
        Interlocked.Increment(ref _reads);
        await Task.Yield();
        if (BadPlace >= offset && BadPlace < offset + buffer.Length)
        {
            throw new InvalidDataException("it is not what was sealed");
        }

        await inner.ReadAtAsync(name, offset, buffer, ct);
    }

    public Task<WrittenObject> WriteAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct) => inner.WriteAsync(name, write, ct);

    public Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct) => inner.OpenReadAsync(name, ct);

    public Task<bool> ExistsAsync(ObjectName name, CancellationToken ct) => inner.ExistsAsync(name, ct);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => inner.DeleteAsync(name, ct);

    public Task<long> FreeBytesAsync(CancellationToken ct) => inner.FreeBytesAsync(ct);
}
