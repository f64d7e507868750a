using System.Runtime.CompilerServices;

namespace Capyd.Storage.Repository.Spool;

/// <summary>The remote store past the spool, for what is worth nothing on this host: it is there when a call returns, or not at all.</summary>
internal sealed class PassingStore(SpooledObjectStore spooled) : IObjectStore
{
    public async Task<WrittenObject> WriteAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        var written = await spooled.Remote.AskAsync(store => store.WriteAsync(name, write, ct), ct);
        spooled.Catalogue.Enter([new StoredObject(name, written.Size, spooled.Clock.GetUtcNow())]);
        return written;
    }

    public Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct) => spooled.Remote.AskAsync(store => store.OpenReadAsync(name, ct), ct);

    public Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct) => spooled.Remote.AskAsync(
        store => store.ReadAtAsync(name, offset, buffer, ct), ct);

    public Task<bool> ExistsAsync(ObjectName name, CancellationToken ct) => spooled.Remote.AskAsync(store => store.ExistsAsync(name, ct), ct);

    public Task<StoredObject?> FindAsync(ObjectName name, CancellationToken ct) => spooled.Remote.AskAsync(store => store.FindAsync(name, ct), ct);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var remote = await spooled.Remote.AskAsync(store => Task.FromResult(store.ListAsync(prefix, ct)), ct);
        await foreach (var found in remote)
        {
            yield return found;
        }
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        await spooled.Remote.AskAsync(store => store.DeleteAsync(name, ct), ct);
        spooled.Catalogue.Forget(name);
    }

    public Task<long> FreeBytesAsync(CancellationToken ct) => Task.FromResult(long.MaxValue);
}
