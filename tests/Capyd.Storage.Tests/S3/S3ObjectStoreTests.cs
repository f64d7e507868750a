using System.Globalization;
using System.Security.Cryptography;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.S3;

namespace Capyd.Storage.Tests.S3;

[Collection(S3Collection.Name)]
public sealed class S3ObjectStoreTests(S3Server server) : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private S3Ground _ground = null!;
    private S3ObjectStore _store = null!;

    public async Task InitializeAsync()
    {
        _ground = await S3Ground.NewAsync(server);
        _store = _ground.NewStore();
    }

    public Task DisposeAsync()
    {
        _store.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(S3Settings.SmallestPart)]
    [InlineData(S3Settings.SmallestPart + 1)]
    [InlineData(20 * MiB)]
    public async Task What_was_written_reads_back(int length)
    {
        var bytes = S3Ground.Bytes(length);

        var written = await S3Ground.WriteAsync(_store, S3Ground.Name, bytes);

        Assert.Equal(new WrittenObject(S3Ground.Name, length, Convert.ToHexStringLower(SHA256.HashData(bytes))), written);
        Assert.Equal(written.Sha256, await S3Ground.DigestAsync(_store, S3Ground.Name));
        Assert.True(await _store.ExistsAsync(S3Ground.Name, default));
        var listed = Assert.Single(await S3Ground.ListAsync(_store));
        Assert.Equal((S3Ground.Name, length), (listed.Name, listed.Size));
        Assert.InRange(listed.ModifiedAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Equal(0, await _ground.UnfinishedAsync());
    }

    [Fact]
    public async Task Eight_mebibytes_are_one_part_by_default()
    {
        var bytes = S3Ground.Bytes(8 * MiB);
        using var store = _ground.NewStore(settings => settings with { PartSize = new S3Settings(settings.Endpoint, "b", settings.Credentials).PartSize });

        await S3Ground.WriteAsync(store, S3Ground.Name, bytes);

        using var client = new S3Client(_ground.Settings, TimeProvider.System);
        var found = await new S3Objects(client).FindAsync($"capyd/main/{S3Ground.Name}", default);
        Assert.Equal(new S3Found(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), found);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(12 * MiB)]
    public async Task The_same_name_takes_the_same_bytes_and_no_others(int length)
    {
        var bytes = S3Ground.Bytes(length);
        var first = await S3Ground.WriteAsync(_store, S3Ground.Name, bytes);

        Assert.Equal(first, await S3Ground.WriteAsync(_store, S3Ground.Name, bytes));
        await Assert.ThrowsAsync<ObjectExistsException>(() => S3Ground.WriteAsync(_store, S3Ground.Name, S3Ground.Bytes(length, seed: 2)));
        await Assert.ThrowsAsync<ObjectExistsException>(() => S3Ground.WriteAsync(_store, S3Ground.Name, [1]));
        await Assert.ThrowsAsync<ObjectExistsException>(() => S3Ground.WriteAsync(_store, S3Ground.Name, S3Ground.Bytes(6 * MiB)));

        Assert.Equal(first.Sha256, await S3Ground.DigestAsync(_store, S3Ground.Name));
        Assert.Equal(0, await _ground.UnfinishedAsync());
    }

    [Fact]
    public async Task Of_two_that_write_one_name_at_once_one_wins()
    {
        var outcomes = await Task.WhenAll(TryAsync(S3Ground.Bytes(1000)), TryAsync(S3Ground.Bytes(1000, seed: 2)));

        var winner = Assert.Single(outcomes.OfType<WrittenObject>());
        Assert.Equal(winner.Sha256, await S3Ground.DigestAsync(_store, S3Ground.Name));

        async Task<WrittenObject?> TryAsync(byte[] bytes)
        {
            try
            {
                return await S3Ground.WriteAsync(_store, S3Ground.Name, bytes);
            }
            catch (ObjectExistsException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task A_listing_goes_over_all_pages_and_shows_only_ours()
    {
        using var paged = _ground.NewStore(settings => settings with { PageSize = 7 });
        using var root = _ground.NewStore(settings => settings with { Prefix = "" });
        for (var i = 0; i < 30; i++)
        {
            await S3Ground.WriteAsync(_store, ObjectName.Parse(string.Create(CultureInfo.InvariantCulture, $"packs/{i:00}")), [(byte)i]);
        }

        await S3Ground.WriteAsync(_store, S3Ground.Name, [1]);
        await S3Ground.WriteAsync(root, ObjectName.Parse("another/packs/00"), [1]);
        using var client = new S3Client(_ground.Settings, TimeProvider.System);
        using var foreign = S3Body.Of([1]);
        using var _ = await client.SendAsync(new S3Request(HttpMethod.Put, "capyd/main/packs/by%20hand%26co") { Body = foreign }, default);

        Assert.Equal(31, (await S3Ground.ListAsync(paged)).Count);
        var packs = await S3Ground.ListAsync(paged, "packs/2");
        Assert.Equal(["packs/20", "packs/21"], packs.Take(2).Select(entry => entry.Name.ToString()));
        Assert.Equal(10, packs.Count);
        Assert.Equal(32, (await S3Ground.ListAsync(root)).Count);
    }

    [Fact]
    public async Task Pieces_are_read_where_they_are()
    {
        var bytes = S3Ground.Bytes(12 * MiB);
        await S3Ground.WriteAsync(_store, S3Ground.Name, bytes);
        var piece = new byte[1000];

        await _store.ReadAtAsync(S3Ground.Name, (6 * MiB) - 10, piece, default);
        Assert.Equal(bytes[((6 * MiB) - 10)..((6 * MiB) + 990)], piece);
        await _store.ReadAtAsync(S3Ground.Name, bytes.Length - 1000, piece, default);
        Assert.Equal(bytes[^1000..], piece);
        await Assert.ThrowsAsync<EndOfStreamException>(() => _store.ReadAtAsync(S3Ground.Name, bytes.Length - 999, piece, default));
        await Assert.ThrowsAsync<EndOfStreamException>(() => _store.ReadAtAsync(S3Ground.Name, bytes.Length + 5, piece, default));
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_missing()
    {
        await Assert.ThrowsAsync<ObjectMissingException>(() => _store.OpenReadAsync(S3Ground.Name, default));
        await Assert.ThrowsAsync<ObjectMissingException>(() => _store.ReadAtAsync(S3Ground.Name, 0, new byte[1], default));
        Assert.False(await _store.ExistsAsync(S3Ground.Name, default));
        await _store.DeleteAsync(S3Ground.Name, default);
    }

    [Fact]
    public async Task What_was_deleted_is_gone_and_its_name_is_free()
    {
        await S3Ground.WriteAsync(_store, S3Ground.Name, [1]);

        await _store.DeleteAsync(S3Ground.Name, default);

        Assert.Empty(await S3Ground.ListAsync(_store));
        var again = await S3Ground.WriteAsync(_store, S3Ground.Name, [2]);
        Assert.Equal(again.Sha256, await S3Ground.DigestAsync(_store, S3Ground.Name));
    }

    [Fact]
    public async Task A_writer_that_gives_up_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.WriteAsync(
            S3Ground.Name,
            async (stream, ct) =>
            {
                await stream.WriteAsync(S3Ground.Bytes(12 * MiB), ct);
                Assert.Equal(1, await _ground.UnfinishedAsync());
                await stop.CancelAsync();
                ct.ThrowIfCancellationRequested();
            },
            stop.Token));
        await Assert.ThrowsAsync<TimeoutException>(() => _store.WriteAsync(
            S3Ground.Name,
            async (stream, ct) =>
            {
                await stream.WriteAsync(S3Ground.Bytes(12 * MiB), ct);
                throw new TimeoutException();
            },
            default));

        Assert.Equal(0, await _ground.UnfinishedAsync());
        Assert.Empty(await S3Ground.ListAsync(_store));
    }

    [Fact]
    public async Task Uploads_that_nobody_finished_are_removed_by_their_age()
    {
        using var client = new S3Client(_ground.Settings, TimeProvider.System);
        foreach (var key in (string[])["capyd/main/a", "capyd/main/a", "capyd/main/a", "capyd/main/b", "another/c"])
        {
            await S3Multipart.StartAsync(client, key, default);
        }

        Assert.Equal(0, await _store.AbortForgottenUploadsAsync(TimeSpan.FromHours(24), default));
        Assert.Equal(5, await _ground.UnfinishedAsync());
        using var later = new S3ObjectStore(_ground.Settings with { PageSize = 2 }, new ShiftedClock(TimeSpan.FromMinutes(5)));
        Assert.Equal(4, await later.AbortForgottenUploadsAsync(TimeSpan.FromMinutes(4), default));
        Assert.Equal(1, await _ground.UnfinishedAsync());
    }

    [Fact]
    public async Task An_upload_that_somebody_else_ended_is_worth_another_try()
    {
        using var later = new S3ObjectStore(_ground.Settings, new ShiftedClock(TimeSpan.FromMinutes(5)));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.WriteAsync(
            S3Ground.Name,
            async (stream, ct) =>
            {
                await stream.WriteAsync(S3Ground.Bytes(8 * MiB), ct);
                Assert.Equal(1, await later.AbortForgottenUploadsAsync(TimeSpan.Zero, ct));
                await stream.WriteAsync(S3Ground.Bytes(8 * MiB), ct);
            },
            default));

        Assert.Empty(await S3Ground.ListAsync(_store));
        await S3Ground.WriteAsync(_store, S3Ground.Name, S3Ground.Bytes(16 * MiB));
    }

    [Fact]
    public async Task Parts_grow_so_that_they_are_never_too_many()
    {
        using var store = _ground.NewStore(settings => settings with { PartsOfOneSize = 1 });
        var bytes = S3Ground.Bytes(40 * MiB);

        var written = await S3Ground.WriteAsync(store, S3Ground.Name, bytes);

        Assert.Equal(written.Sha256, await S3Ground.DigestAsync(store, S3Ground.Name));
        using var client = new S3Client(_ground.Settings, TimeProvider.System);
        using var head = await client.SendAsync(new S3Request(HttpMethod.Head, $"capyd/main/{S3Ground.Name}"), default);
        Assert.EndsWith("-4\"", head.ETag, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_objects_need_little_memory()
    {
        using var store = _ground.NewStore(settings => settings with { PartSize = 8 * MiB });
        var piece = S3Ground.Bytes(MiB);
        long most = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await store.WriteAsync(
            S3Ground.Name,
            async (stream, ct) =>
            {
                for (var i = 0; i < 300; i++)
                {
                    await stream.WriteAsync(piece, ct);
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before);
                }
            },
            default);

        Assert.InRange(most, 1, 40 * MiB);
        Assert.Equal(300 * MiB, Assert.Single(await S3Ground.ListAsync(store)).Size);
        await store.DeleteAsync(S3Ground.Name, default);
    }
}
