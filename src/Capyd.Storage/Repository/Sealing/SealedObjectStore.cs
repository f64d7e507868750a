using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Capyd.Storage.Repository.Sealing;

/// <summary>Objects that only the holder of the master key can read, and nobody can alter, swap, rename or cut unseen.
/// Sizes and digests are those of the plain bytes. Names, sizes and times are not hidden.</summary>
/// <remarks>Reading throws <see cref="InvalidDataException"/> when an object is not what was sealed under its name.</remarks>
public sealed class SealedObjectStore(IObjectStore inner, RepositoryKeys keys) : IObjectStore
{
    private readonly OpenedObjects _opened = new();

    public RepositoryKeys Keys => keys;

    public async Task<WrittenObject> WriteAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        Require(name);
        WrittenObject? written = null;
        try
        {
            await inner.WriteNewAsync(name, async (target, token) => written = await SealAsync(name, target, write, token), ct);
        }
        catch (ObjectExistsException)
        {
            // Sealed bytes are never the same twice; what counts is what they say.
            written ??= await SealAsync(name, Stream.Null, write, ct);
            await using var existing = await OpenReadAsync(name, ct);
            if (await DigestAsync(existing, ct) != written.Sha256)
            {
                throw;
            }
        }

        return written!;
    }

    public Task WriteNewAsync(ObjectName name, ReadOnlyMemory<byte> bytes, CancellationToken ct) =>
        WriteNewAsync(name, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), ct);

    public Task WriteNewAsync(ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        Require(name);
        return inner.WriteNewAsync(
            name,
            async (target, token) =>
            {
                using var seal = ObjectSeal.New(keys.Ring.Current, name);
                await using var sealing = new SealingStream(target, seal);
                await write(sealing, token);
                await sealing.CompleteAsync(token);
            },
            ct);
    }

    public async Task<Stream> OpenReadAsync(ObjectName name, CancellationToken ct)
    {
        Require(name);
        return await UnsealAsync(name, await inner.OpenReadAsync(name, ct), ct) ?? await inner.OpenReadAsync(name, ct);
    }

    public async Task ReadAtAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken ct)
    {
        Require(name);
        if (_opened.Find(name) is { } known)
        {
            try
            {
                await ReadAtAsync(name, known, offset, buffer, ct);
                return;
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                // Perhaps another object has taken the name since.
                _opened.Forget(name);
            }
        }

        await ReadAtAsync(name, await LookAsync(name, ct), offset, buffer, ct);
    }

    public Task<bool> ExistsAsync(ObjectName name, CancellationToken ct) => inner.ExistsAsync(name, ct);

    public async Task<StoredObject?> FindAsync(ObjectName name, CancellationToken ct) =>
        await inner.FindAsync(name, ct) is { } found ? Plain(found) : null;

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var found in inner.ListAsync(prefix, ct))
        {
            if (!KeyObjects.IsOne(found.Name))
            {
                yield return Plain(found);
            }
        }
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        Require(name);
        _opened.Forget(name);
        return inner.DeleteAsync(name, ct);
    }

    public Task<long> FreeBytesAsync(CancellationToken ct) => inner.FreeBytesAsync(ct);

    /// <summary>Whether two sealed forms of an object say the same, for stores below that hold one each.</summary>
    /// <exception cref="InvalidDataException">One of them is not what was sealed under the name.</exception>
    public async Task<bool> HaveSameContentAsync(ObjectName name, Stream one, Stream other, CancellationToken ct)
    {
        await using var first = await UnsealAsync(name, one, ct);
        await using var second = await UnsealAsync(name, other, ct);
        return first is not null && second is not null && await DigestAsync(first, ct) == await DigestAsync(second, ct);
    }

    private async Task<WrittenObject> SealAsync(ObjectName name, Stream target, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        using var seal = ObjectSeal.New(keys.Ring.Current, name);
        await using var sealing = new SealingStream(target, seal);
        await using var hashing = new HashingStream(sealing);
        await write(hashing, ct);
        await sealing.CompleteAsync(ct);
        return new WrittenObject(name, hashing.Length, hashing.Sha256);
    }

    private static async Task<string> DigestAsync(Stream plain, CancellationToken ct) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(plain, ct));

    // Whatever lies below keys/ opens the rest, and cannot be sealed itself.
    private static void Require(ObjectName name)
    {
        if (KeyObjects.IsOne(name))
        {
            throw new ArgumentException($"{name}: names below {KeyObjects.Prefix} belong to the keys of the repository.", nameof(name));
        }
    }

    // What cannot be a sealed object has no size; reading it says why.
    private StoredObject Plain(StoredObject found) =>
        keys.Ring.Plain.IsPlain(found) ? found : found with { Size = SealFormat.PlainSize(found.Size) ?? 0 };

    /// <summary>Null, and the stream closed, when the object lies there plain and may.</summary>
    private async Task<Stream?> UnsealAsync(ObjectName name, Stream stored, CancellationToken ct)
    {
        try
        {
            var header = new byte[SealFormat.HeaderBytes];
            var length = await stored.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, ct);
            if (await SealOfAsync(name, header[..length], ct) is { } seal)
            {
                return new UnsealingStream(stored, seal, name);
            }
        }
        catch
        {
            await stored.DisposeAsync();
            throw;
        }

        await stored.DisposeAsync();
        return null;
    }

    private async Task<OpenedObject> LookAsync(ObjectName name, CancellationToken ct)
    {
        var found = await inner.FindAsync(name, ct) ?? throw new ObjectMissingException(name);
        var header = new byte[Math.Min(found.Size, SealFormat.HeaderBytes)];
        await inner.ReadAtAsync(name, 0, header, ct);
        using var seal = await SealOfAsync(name, header, ct);
        var opened = seal is null
            ? new OpenedObject(null, found.Size)
            : new OpenedObject(header, SealFormat.PlainSize(found.Size) ?? throw new InvalidDataException($"{name} is not what was sealed: no sealed object has {found.Size} bytes"));
        _opened.Keep(name, opened);
        return opened;
    }

    /// <summary>Null for a plain object from before the repository was sealed.</summary>
    private async ValueTask<ObjectSeal?> SealOfAsync(ObjectName name, byte[] header, CancellationToken ct)
    {
        if (SealFormat.IsSealed(header))
        {
            return new ObjectSeal(await KeyOfAsync(name, header, ct), header, name);
        }

        return keys.Ring.Plain.Holds(name)
            ? null
            : throw new InvalidDataException($"{name} is not encrypted, and was not in the repository before encryption began: somebody else put it there, or it is damaged");
    }

    private async ValueTask<DataKey> KeyOfAsync(ObjectName name, byte[] header, CancellationToken ct)
    {
        try
        {
            return await keys.FindAsync(SealFormat.KeyOf(header), ct);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name} cannot be read: {e.Message}", e);
        }
    }

    private async Task ReadAtAsync(ObjectName name, OpenedObject opened, long offset, Memory<byte> buffer, CancellationToken ct)
    {
        if (opened.Header is null)
        {
            await inner.ReadAtAsync(name, offset, buffer, ct);
            return;
        }

        if (offset + buffer.Length > opened.Size)
        {
            throw new EndOfStreamException($"{name} has {opened.Size} bytes; {buffer.Length} from {offset} on were wanted.");
        }

        using var seal = new ObjectSeal(await KeyOfAsync(name, opened.Header, ct), opened.Header, name);
        var frames = new FrameReading(inner, name, seal, opened.Size);
        await frames.RunAsync(offset, buffer, ct);
    }
}
