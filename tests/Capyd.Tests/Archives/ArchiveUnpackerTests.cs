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
    private readonly ZstdProgram _zstd = new(new CapydOptions { Postgres = { OsUser = Environment.UserName } }, TimeProvider.System);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_written_comes_back(bool placed)
    {
        var stored = await CompressedAsync();
        Assert.Equal(Plain, await UnpackAsync(stored, stored, placed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changed_bytes_are_the_archives_fault(bool placed)
    {
        var stored = await CompressedAsync();
        foreach (var at in (int[])[0, 5, stored.Length / 2, stored.Length - 1])
        {
            byte[] changed = [.. stored];
            changed[at] ^= 0x40;
            Assert.Contains("SHA-256", (await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(changed, stored, placed))).Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(stored[..^1], stored, placed));
        await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync([.. stored, 0], stored, placed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_bytes_are_as_written_it_is_not(bool placed)
    {
        var refused = RandomNumberGenerator.GetBytes(3_000_000);
        var failure = await Assert.ThrowsAsync<IOException>(() => UnpackAsync(refused, refused, placed));
        Assert.Contains("as it was written", failure.Message, StringComparison.Ordinal);
    }

    private async Task<byte[]> CompressedAsync()
    {
        using var stored = new MemoryStream();
        await _zstd.CompressAsync(new FrameSearch(Far: true, Thorough: false), (input, token) => input.WriteAsync(Plain, token).AsTask(), stored, CancellationToken.None);
        return stored.ToArray();
    }

    private async Task<byte[]> UnpackAsync(byte[] found, byte[] written, bool placed)
    {
        var store = new DirectoryObjectStore(Directory.CreateDirectory(Path.Combine(_root, Guid.NewGuid().ToString("n"))).FullName);
        await store.WriteAsync(ObjectName.Parse(Key), (target, token) => target.WriteAsync(found, token).AsTask(), CancellationToken.None);
        var frame = new ArchiveFrame(0, 0, Convert.ToHexStringLower(SHA256.HashData(written))) { Blocks = [] };
        var manifest = new ArchiveManifest(1, "b", "p", "P", "p", null, Key, written.Length, frame.Sha256, default, "test", Nothing) { Frames = [frame] };
        var part = Assert.Single(new ArchiveUnpacker(store, _zstd, manifest, static _ => { }).Parts(ObjectName.Parse(Key), [frame]));
        return placed ? await PlaceAsync(part) : await ReadAsync(part);
    }

    private static async Task<byte[]> ReadAsync(ArchivePart part)
    {
        using var plain = new MemoryStream();
        await part.Read((stream, token) => stream.CopyToAsync(plain, token), CancellationToken.None);
        return plain.ToArray();
    }

    /// <summary>Between bytes that have to stay as they are.</summary>
    private async Task<byte[]> PlaceAsync(ArchivePart part)
    {
        const int Before = 5000;
        var file = Path.Combine(_root, "a file with a 'quote'");
        var around = RandomNumberGenerator.GetBytes(Before + Plain.Length + 100);
        await File.WriteAllBytesAsync(file, around);
        await part.Placed!.WriteAsync(file, Before, CancellationToken.None);
        var found = await File.ReadAllBytesAsync(file);
        Assert.Equal(around[..Before], found[..Before]);
        Assert.Equal(around[(Before + Plain.Length)..], found[(Before + Plain.Length)..]);
        return found[Before..(Before + Plain.Length)];
    }

    private static Inventory Nothing => null!; // frames are unpacked without looking at what is in them
}
