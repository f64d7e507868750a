using System.Security.Cryptography;
using System.Text;
using Capyd.Archives;
using Capyd.Configuration;
using Capyd.Postgres.Dumps;
using Capyd.Storage.Repository;

namespace Capyd.Tests.Archives;

/// <summary>Whose fault it is when a frame cannot be unpacked decides whether a backup is called broken.</summary>
public sealed class ArchiveUnpackerTests : IDisposable
{
    private const string Key = "backups/p/a.dump.zst";
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 200_000).Select(static n => $"{n}\n")));

    private readonly string _root = Directory.CreateTempSubdirectory("capyd-unpack-").FullName;
    private readonly ZstdProgram _zstd = new(new CapydOptions(), TimeProvider.System);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task What_was_written_comes_back()
    {
        var stored = await CompressedAsync();
        Assert.Equal(Plain, await UnpackAsync(stored, stored));
    }

    [Fact]
    public async Task Changed_bytes_are_the_archives_fault()
    {
        var stored = await CompressedAsync();
        foreach (var at in (int[])[0, 5, stored.Length / 2, stored.Length - 1])
        {
            byte[] changed = [.. stored];
            changed[at] ^= 0x40;
            Assert.Contains("SHA-256", (await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(changed, stored))).Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(stored[..^1], stored));
        await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync([.. stored, 0], stored));
    }

    [Fact]
    public async Task When_the_bytes_are_as_written_it_is_not()
    {
        var refused = RandomNumberGenerator.GetBytes(3_000_000);
        var failure = await Assert.ThrowsAsync<IOException>(() => UnpackAsync(refused, refused));
        Assert.Contains("as it was written", failure.Message, StringComparison.Ordinal);
    }

    private async Task<byte[]> CompressedAsync()
    {
        using var stored = new MemoryStream();
        await _zstd.CompressAsync(far: true, (input, token) => input.WriteAsync(Plain, token).AsTask(), stored, CancellationToken.None);
        return stored.ToArray();
    }

    private async Task<byte[]> UnpackAsync(byte[] found, byte[] written)
    {
        var store = new DirectoryObjectStore(Directory.CreateDirectory(Path.Combine(_root, Guid.NewGuid().ToString("n"))).FullName);
        await store.WriteAsync(ObjectName.Parse(Key), (target, token) => target.WriteAsync(found, token).AsTask(), CancellationToken.None);
        var frame = new ArchiveFrame(0, 0, Convert.ToHexStringLower(SHA256.HashData(written)));
        var manifest = new ArchiveManifest(1, "b", "p", "P", "p", null, Key, written.Length, frame.Sha256, default, "test", Nothing) { Frames = [frame] };
        using var plain = new MemoryStream();
        var part = Assert.Single(new ArchiveUnpacker(store, _zstd, manifest, static _ => { }).Parts(ObjectName.Parse(Key), [frame]));
        await part.Read((stream, token) => stream.CopyToAsync(plain, token), CancellationToken.None);
        return plain.ToArray();
    }

    private static Inventory Nothing => null!; // frames are unpacked without looking at what is in them
}
