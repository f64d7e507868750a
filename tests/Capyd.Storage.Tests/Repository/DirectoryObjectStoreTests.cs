using System.Security.Cryptography;
using Capyd.Storage.Repository;

namespace Capyd.Storage.Tests.Repository;

public sealed class DirectoryObjectStoreTests : IDisposable
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
    private static readonly ObjectName Name = ObjectName.Parse("backups/a/b.zst");

    private readonly TemporaryDirectory _directory = new();
    private readonly DirectoryObjectStore _store;

    public DirectoryObjectStoreTests() => _store = new DirectoryObjectStore(Root);

    private string Root => _directory["repository"];

    [Fact]
    public async Task What_was_written_reads_back()
    {
        var written = await WriteAsync(Name, Bytes);

        Assert.Equal(new WrittenObject(Name, Bytes.Length, Convert.ToHexStringLower(SHA256.HashData(Bytes))), written);
        await using var stream = await _store.OpenReadAsync(Name, default);
        Assert.Equal(SHA256.HashData(Bytes), await SHA256.HashDataAsync(stream));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Root, "backups/a/b.zst")));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Root));
    }

    [Fact]
    public async Task Nothing_is_visible_while_an_object_is_written()
    {
        await _store.WriteAsync(
            Name,
            async (stream, ct) =>
            {
                await stream.WriteAsync(Bytes, ct);
                Assert.False(await _store.ExistsAsync(Name, ct));
                Assert.Empty(await ListAsync(""));
            },
            default);

        Assert.True(await _store.ExistsAsync(Name, default));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => _store.WriteAsync(
            Name,
            async (stream, ct) =>
            {
                await stream.WriteAsync(Bytes, ct);
                throw new TimeoutException();
            },
            default));

        Assert.Empty(Directory.GetFiles(Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_same_name_takes_the_same_bytes_and_no_others()
    {
        await WriteAsync(Name, Bytes);
        await WriteAsync(Name, Bytes);

        await Assert.ThrowsAsync<ObjectExistsException>(() => WriteAsync(Name, [1]));

        await using var stream = await _store.OpenReadAsync(Name, default);
        Assert.Equal(Bytes.Length, stream.Length);
        Assert.Single(Directory.GetFiles(Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_a_killed_writer_left_is_swept_and_never_listed()
    {
        await WriteAsync(Name, Bytes);
        await File.WriteAllBytesAsync(Path.Combine(Root, "backups/a/.tmp-1"), Bytes);
        await File.WriteAllBytesAsync(Path.Combine(Root, ".tmp-2"), Bytes);

        Assert.Equal([Name], await ListAsync(""));
        Assert.Equal(2, _store.RemoveHalfWritten());
        Assert.Equal(0, _store.RemoveHalfWritten());
        Assert.True(await _store.ExistsAsync(Name, default));
    }

    [Fact]
    public async Task A_prefix_may_end_within_a_segment()
    {
        foreach (var name in new[] { "wal/1/a", "wal/12/b", "wal/2/c", "other" })
        {
            await WriteAsync(ObjectName.Parse(name), [1]);
        }

        Assert.Equal(["wal/1/a", "wal/12/b"], (await ListAsync("wal/1")).Select(name => name.ToString()));
        Assert.Equal(["wal/1/a"], (await ListAsync("wal/1/")).Select(name => name.ToString()));
        Assert.Empty(await ListAsync("none/"));
        Assert.Empty(await ListAsync("../"));
    }

    [Fact]
    public async Task A_missing_object_is_named_and_may_be_deleted()
    {
        var missing = await Assert.ThrowsAsync<ObjectMissingException>(() => _store.OpenReadAsync(Name, default));
        Assert.Contains("backups/a/b.zst", missing.Message, StringComparison.Ordinal);

        await _store.DeleteAsync(Name, default);
        await WriteAsync(Name, Bytes);
        await _store.DeleteAsync(Name, default);

        Assert.False(await _store.ExistsAsync(Name, default));
        Assert.True(await _store.FreeBytesAsync(default) > 0);
    }

    public void Dispose() => _directory.Dispose();

    private Task<WrittenObject> WriteAsync(ObjectName name, byte[] bytes) =>
        _store.WriteAsync(name, async (stream, ct) => await stream.WriteAsync(bytes, ct), default);

    private async Task<List<ObjectName>> ListAsync(string prefix)
    {
        var names = new List<ObjectName>();
        await foreach (var found in _store.ListAsync(prefix, default))
        {
            names.Add(found.Name);
        }

        return names;
    }
}
