using Capyd.Storage.Repository;

namespace Capyd.Storage.Tests.Repository.Chunks;

/// <summary>A store that dies at one of its steps, as if the process had been killed there: before the step, in the
/// middle of a write, or right after it. From then on nothing works.</summary>
internal sealed class FaultyStore(DirectoryObjectStore inner, string root, int dieAt) : IObjectStore
{
    private int _steps;

    public int Steps => _steps;

    public async Task<WrittenObject> WriteAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        Step();
        if (Interlocked.Increment(ref _steps) >= dieAt)
        {
            // What a killed writer leaves: half of the bytes under a partial name.
            var bytes = new MemoryStream();
            await write(bytes, ct);
            var partial = Path.Combine(root, $".tmp-{Guid.NewGuid():N}");
            await File.WriteAllBytesAsync(partial, bytes.ToArray().AsMemory(0, (int)bytes.Length / 2), ct);
            throw new KilledException();
        }

        var written = await inner.WriteAsync(name, write, ct);
        Step();
        return written;
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        Step();
        await inner.DeleteAsync(name, ct);
        Step();
    }

    public Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct) => inner.OpenReadAsync(name, ct);

    public Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct) =>
        inner.ReadAtAsync(name, offset, buffer, ct);

    public Task<bool> ExistsAsync(ObjectName name, CancellationToken ct) => inner.ExistsAsync(name, ct);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken ct) => inner.ListAsync(prefix, ct);

    public Task<long> FreeBytesAsync(CancellationToken ct) => inner.FreeBytesAsync(ct);

    private void Step()
    {
        if (Interlocked.Increment(ref _steps) >= dieAt)
        {
            throw new KilledException();
        }
    }
}
