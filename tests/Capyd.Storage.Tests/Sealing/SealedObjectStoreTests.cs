using Capyd.Storage.Repository;

namespace Capyd.Storage.Tests.Sealing;

public sealed class SealedObjectStoreTests : IDisposable
{
    private const int Frame = 65_536;

    private readonly SealedGround _ground = new();

    public void Dispose() => _ground.Dispose();

    public static TheoryData<int> Sizes => [0, 1, 15, 16, 17, Frame - 1, Frame, Frame + 1, (2 * Frame) - 1, 2 * Frame, (2 * Frame) + 16, (7 * Frame) + 5, 16 * Frame, 1_500_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task What_was_written_reads_back_with_the_plain_size_and_digest_and_lies_there_sealed(int size)
    {
        var store = await _ground.OpenAsync();
        var content = SealedGround.Content(size);
        var written = await SealedGround.WriteAsync(store, "a/b", content);
        Assert.Equal(new WrittenObject(SealedGround.Name("a/b"), size, SealedGround.Digest(content)), written);
        Assert.Equal(content, await SealedGround.ReadAsync(store, "a/b"));
        Assert.Equal(size, Assert.Single(await SealedGround.ListAsync(store)).Size);
        Assert.Equal(size, (await store.FindAsync(SealedGround.Name("a/b"), default))!.Size);
        var stored = await File.ReadAllBytesAsync(_ground.FileOf("a/b"));
        Assert.Equal(40 + size + (16 * Math.Max(1, (size + Frame - 1) / Frame)), stored.Length);
        Assert.True(stored.AsSpan().StartsWith("CAPYSEAL"u8));
        Assert.True(size < 16 || stored.AsSpan().IndexOf(content.AsSpan(0, 16)) < 0);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task New_objects_are_sealed_the_same_way(int size)
    {
        var store = await _ground.OpenAsync();
        var content = SealedGround.Content(size);
        await store.WriteNewAsync(SealedGround.Name("pack"), content, default);
        Assert.Equal(content, await SealedGround.ReadAsync(store, "pack"));
        await Assert.ThrowsAsync<ObjectExistsException>(() => store.WriteNewAsync(SealedGround.Name("pack"), content, default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(Frame)]
    [InlineData(Frame + 1)]
    [InlineData(200_000)]
    public async Task It_does_not_matter_in_what_pieces_it_is_written_and_read(int piece)
    {
        var store = await _ground.OpenAsync();
        var content = SealedGround.Content(piece == 1 ? Frame + 7 : 1_000_000);
        await store.WriteAsync(
            SealedGround.Name("o"),
            async (stream, ct) =>
            {
                for (var at = 0; at < content.Length; at += piece)
                {
                    var part = content.AsMemory(at, Math.Min(piece, content.Length - at));
                    await (at % 2 == 0 ? stream.WriteAsync(part, ct).AsTask() : Task.Run(() => stream.Write(part.Span), ct));
                }
            },
            default);
        await using var read = await store.OpenReadAsync(SealedGround.Name("o"), default);
        var (back, buffer, count) = (new MemoryStream(), new byte[piece], 0);
        while ((count = back.Length % 2 == 0 ? await read.ReadAsync(buffer) : read.Read(buffer)) > 0)
        {
            back.Write(buffer, 0, count);
        }

        Assert.Equal(content, back.ToArray());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Any_stretch_reads_as_the_same_slice(int size)
    {
        var store = await _ground.OpenAsync();
        var content = SealedGround.Content(size);
        await SealedGround.WriteAsync(store, "o", content);
        int[] edges = [0, 1, Frame - 1, Frame, Frame + 1, (2 * Frame) - 1, 2 * Frame, size / 2, size - 1, size];
        var random = new Random(size);
        var starts = edges.Concat(Enumerable.Range(0, 10).Select(_ => random.Next(size + 1))).Where(at => at >= 0 && at <= size).ToArray();
        await using var stream = await store.OpenReadAsync(SealedGround.Name("o"), default);
        foreach (var (from, to) in starts.SelectMany(from => starts.Where(to => to >= from).Select(to => (from, to))))
        {
            var slice = new byte[to - from];
            await store.ReadAtAsync(SealedGround.Name("o"), from, slice, default);
            Assert.True(content.AsSpan(from, slice.Length).SequenceEqual(slice), $"{from}..{to}");
            Array.Clear(slice);
            stream.Position = from;
            await stream.ReadExactlyAsync(slice);
            Assert.True(content.AsSpan(from, slice.Length).SequenceEqual(slice), $"sought {from}..{to}");
        }

        await Assert.ThrowsAsync<EndOfStreamException>(() => store.ReadAtAsync(SealedGround.Name("o"), size, new byte[1], default));
    }

    [Fact]
    public async Task The_same_bytes_under_the_same_name_change_nothing_and_others_are_refused()
    {
        var store = await _ground.OpenAsync();
        var content = SealedGround.Content(100_000);
        var first = await SealedGround.WriteAsync(store, "o", content);
        var stored = await File.ReadAllBytesAsync(_ground.FileOf("o"));
        Assert.Equal(first, await SealedGround.WriteAsync(store, "o", content));
        Assert.Equal(stored, await File.ReadAllBytesAsync(_ground.FileOf("o")));
        await Assert.ThrowsAsync<ObjectExistsException>(() => SealedGround.WriteAsync(store, "o", [1, 2, 3]));
        Assert.Equal(content, await SealedGround.ReadAsync(store, "o"));
    }

    [Fact]
    public async Task A_name_that_was_freed_and_taken_again_reads_as_the_new_object()
    {
        var (store, other) = (await _ground.OpenAsync(), await _ground.OpenAsync());
        await SealedGround.WriteAsync(store, "o", SealedGround.Content(100_000, 1));
        await store.ReadAtAsync(SealedGround.Name("o"), 5, new byte[10], default);
        await other.DeleteAsync(SealedGround.Name("o"), default);
        var content = SealedGround.Content(200_000, 2);
        await SealedGround.WriteAsync(other, "o", content);
        var read = new byte[10];
        await store.ReadAtAsync(SealedGround.Name("o"), 150_000, read, default);
        Assert.Equal(content.AsSpan(150_000, 10).ToArray(), read);
        await other.DeleteAsync(SealedGround.Name("o"), default);
        await Assert.ThrowsAsync<ObjectMissingException>(() => store.ReadAtAsync(SealedGround.Name("o"), 0, read, default));
        await Assert.ThrowsAsync<ObjectMissingException>(() => store.OpenReadAsync(SealedGround.Name("o"), default));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing()
    {
        var store = await _ground.OpenAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => store.WriteAsync(
            SealedGround.Name("o"),
            async (stream, ct) =>
            {
                await stream.WriteAsync(SealedGround.Content(500_000), ct);
                throw new TimeoutException();
            },
            default));
        Assert.Empty(await SealedGround.ListAsync(store));
    }

    [Fact]
    public async Task Keys_are_not_objects_of_the_sealed_store()
    {
        var store = await _ground.OpenAsync();
        Assert.Empty(await SealedGround.ListAsync(store));
        Assert.Single(await SealedGround.ListAsync(_ground.Inner, "keys/"));
        await Assert.ThrowsAsync<ArgumentException>(() => SealedGround.WriteAsync(store, "keys/mine", [1]));
    }

    [Fact]
    public async Task Two_sealed_forms_are_compared_by_what_they_say()
    {
        var store = await _ground.OpenAsync();
        var content = SealedGround.Content(100_000);
        await SealedGround.WriteAsync(store, "o", content);
        var one = await File.ReadAllBytesAsync(_ground.FileOf("o"));
        await store.DeleteAsync(SealedGround.Name("o"), default);
        await SealedGround.WriteAsync(store, "o", content);
        var other = await File.ReadAllBytesAsync(_ground.FileOf("o"));
        await store.DeleteAsync(SealedGround.Name("o"), default);
        await SealedGround.WriteAsync(store, "o", SealedGround.Content(100_000, 2));
        var third = await File.ReadAllBytesAsync(_ground.FileOf("o"));
        Assert.NotEqual(one, other);
        Assert.True(await store.HaveSameContentAsync(SealedGround.Name("o"), new MemoryStream(one), new MemoryStream(other), default));
        Assert.False(await store.HaveSameContentAsync(SealedGround.Name("o"), new MemoryStream(one), new MemoryStream(third), default));
        await Assert.ThrowsAsync<InvalidDataException>(() => store.HaveSameContentAsync(SealedGround.Name("p"), new MemoryStream(one), new MemoryStream(other), default));
    }
}
