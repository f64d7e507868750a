using System.Runtime.CompilerServices;
using Capyd.Storage.Repository;

namespace Capyd.Storage.Tests.Spool;

/// <summary>A directory at the far end of a line that can be cut, also in the middle of a write.</summary>
internal sealed class FarStore(string root) : IObjectStore
{
    private readonly DirectoryObjectStore _inner = new(root);
    private readonly List<string> _log = [];

    public bool IsCut { get; set; }

    /// <summary>Runs before an object becomes visible.</summary>
    public Func<ObjectName, Task>? BeforePublishing { get; set; }

    /// <summary>Runs when an object is there and nobody was told yet.</summary>
    public Action<ObjectName>? AfterPublishing { get; set; }

    /// <summary>What was done, in order, as <c>+name</c> and <c>-name</c>.</summary>
    public IReadOnlyList<string> Log => _log;

    public async Task<WrittenObject> WriteAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        RequireLine();
        var written = await _inner.WriteAsync(
            name,
            async (stream, token) =>
            {
                await write(stream, token);
                await (BeforePublishing?.Invoke(name) ?? Task.CompletedTask);
                RequireLine();
            },
            ct);
        _log.Add($"+{name}");
        AfterPublishing?.Invoke(name);
        return written;
    }

    public Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct)
    {
        RequireLine();
        return _inner.OpenReadAsync(name, ct);
    }

    public Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct)
    {
        RequireLine();
        return _inner.ReadAtAsync(name, offset, buffer, ct);
    }

    public Task<bool> ExistsAsync(ObjectName name, CancellationToken ct)
    {
        RequireLine();
        return _inner.ExistsAsync(name, ct);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        RequireLine();
        await foreach (var found in _inner.ListAsync(prefix, ct))
        {
            RequireLine();
            yield return found;
        }
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        RequireLine();
        await _inner.DeleteAsync(name, ct);
        _log.Add($"-{name}");
    }

    public Task<long> FreeBytesAsync(CancellationToken ct) => Task.FromResult(long.MaxValue);

    private void RequireLine()
    {
        if (IsCut)
        {
            throw new StoreUnavailableException("the line is cut");
        }
    }
}
