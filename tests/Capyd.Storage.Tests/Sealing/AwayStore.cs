using Capyd.Storage.Repository;

namespace Capyd.Storage.Tests.Sealing;

/// <summary>A repository that does not answer.</summary>
internal sealed class AwayStore : IObjectStore
{
    public Task<WrittenObject> WriteAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct) => throw Away();

    public Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct) => throw Away();

    public Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct) => throw Away();

    public Task<bool> ExistsAsync(ObjectName name, CancellationToken ct) => throw Away();

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken ct) => throw Away();

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => throw Away();

    public Task<long> FreeBytesAsync(CancellationToken ct) => throw Away();

    private static IOException Away() => new("no answer");
}
