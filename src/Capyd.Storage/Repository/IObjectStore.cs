namespace Capyd.Storage.Repository;

/// <summary>Keeps named, immutable objects: whole and durable, or not there at all.</summary>
public interface IObjectStore
{
    /// <summary>Stores what <paramref name="write"/> writes. Durable when the task completes; until then nothing is
    /// visible under the name. The same bytes under an existing name change nothing.</summary>
    /// <exception cref="ObjectExistsException">The name is taken by other bytes, which stay.</exception>
    Task<WrittenObject> WriteAsync(
        ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct);

    /// <summary>Stores bytes under a name that was never used before, as one made of random digits; no digest of them is needed.</summary>
    /// <exception cref="ObjectExistsException">The name is taken.</exception>
    async Task WriteNewAsync(ObjectName name, ReadOnlyMemory<byte> bytes, CancellationToken ct) =>
        await WriteAsync(name, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), ct);

    /// <summary>Stores what <paramref name="write"/> writes, where nobody needs a digest of it: bytes that are never the same twice.</summary>
    /// <exception cref="ObjectExistsException">The name is taken.</exception>
    async Task WriteNewAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct) =>
        await WriteAsync(name, write, ct);

    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct);

    /// <summary>Fills <paramref name="buffer"/> with the bytes from <paramref name="offset"/> on.</summary>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    /// <exception cref="EndOfStreamException">The object ends before the buffer is full.</exception>
    Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct);

    Task<bool> ExistsAsync(ObjectName name, CancellationToken ct);

    /// <summary>The object as a listing would show it; null when there is none.</summary>
    async Task<StoredObject?> FindAsync(ObjectName name, CancellationToken ct)
    {
        await foreach (var found in ListAsync(name.ToString(), ct))
        {
            if (found.Name == name)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>All objects whose name begins with <paramref name="prefix"/>, which may end within a segment.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken ct);

    /// <summary>Removes an object; one that is not there is fine.</summary>
    Task DeleteAsync(ObjectName name, CancellationToken ct);

    /// <summary>Removes what writers that are gone have left of objects that nobody ever saw.</summary>
    /// <param name="olderThan">Younger ones may belong to somebody who still writes.</param>
    /// <returns>How many there were.</returns>
    Task<int> AbortForgottenUploadsAsync(TimeSpan olderThan, CancellationToken ct) => Task.FromResult(0);

    /// <summary>Bytes that can still be stored.</summary>
    Task<long> FreeBytesAsync(CancellationToken ct);
}
