using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Spool;

namespace Capyd.Storage.Tests.Spool;

public sealed class SpooledObjectStoreTests : IDisposable
{
    private readonly SpoolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task What_was_written_is_there_before_it_is_shipped_and_after()
    {
        await _bench.PutAsync("wal/a", "one");
        Assert.Equal("one", await _bench.ReadAsync("wal/a"));
        Assert.Empty(_bench.AtTheFarEnd());

        await _bench.ShipAsync();

        Assert.Equal(["wal/a"], _bench.AtTheFarEnd());
        Assert.Empty(_bench.InTheSpool());
        Assert.Equal("one", await _bench.ReadAsync("wal/a"));
        Assert.True(await _bench.ExistsAsync("wal/a"));
    }

    [Fact]
    public async Task An_outage_stops_no_writer_and_ends_with_everything_shipped()
    {
        await _bench.PutAsync("wal/a", "one");
        await _bench.ShipAsync();
        await _bench.Store.Shipper.LearnAsync(default);
        _bench.Far.IsCut = true;

        await _bench.PutAsync("wal/b", "two");
        await _bench.DeleteAsync("wal/a");
        await Assert.ThrowsAsync<StoreUnavailableException>(_bench.ShipAsync);

        Assert.Equal("two", await _bench.ReadAsync("wal/b"));
        Assert.Equal((true, false, false), (await _bench.ExistsAsync("wal/b"), await _bench.ExistsAsync("wal/a"), await _bench.ExistsAsync("wal/c")));
        Assert.Equal(["wal/b"], await _bench.ListAsync());
        var status = await _bench.Store.ReadStatusAsync(default);
        Assert.Equal((1, 3L, 1, "the line is cut"), (status.Objects, status.Bytes, status.Removals, status.Problem));
        Assert.NotNull(status.UnreachableSince);

        _bench.Far.IsCut = false;
        await _bench.ShipAsync();
        Assert.Equal(["wal/b"], _bench.AtTheFarEnd());
        Assert.Empty(_bench.ToBeRemoved());
        Assert.Null((await _bench.Store.ReadStatusAsync(default)).UnreachableSince);
    }

    [Fact]
    public async Task What_the_far_end_holds_is_known_while_it_is_away_also_to_the_next_process()
    {
        await _bench.PutAsync("wal/a", "one");
        await _bench.PutAsync("base/packs/x", "two");
        await _bench.ShipAsync();
        await _bench.Store.Shipper.LearnAsync(default);
        _bench.Far.IsCut = true;
        _bench.Reopen();

        Assert.True(await _bench.ExistsAsync("wal/a"));
        Assert.Equal(["base/packs/x", "wal/a"], await _bench.ListAsync());
        Assert.Equal(["wal/a"], await _bench.ListAsync("wal/"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _bench.ReadAsync("wal/a"));
        await Assert.ThrowsAsync<ObjectMissingException>(() => _bench.ReadAsync("wal/never"));
    }

    [Fact]
    public async Task A_far_end_that_was_never_listed_cannot_be_listed_while_it_is_away()
    {
        _bench.Far.IsCut = true;
        await _bench.PutAsync("wal/a", "one");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _bench.ListAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _bench.ReadAsync("wal/b"));
    }

    [Fact]
    public async Task A_name_is_listed_once_in_order_wherever_it_lies()
    {
        await _bench.PutAsync("b", "1");
        await _bench.PutAsync("d", "1");
        await _bench.ShipAsync();
        await _bench.PutAsync("a", "1");
        await _bench.PutAsync("c", "1");
        await _bench.PutAsync("e", "1");
        File.Copy(Path.Combine(_bench.Root, "objects", "c"), Path.Combine(_bench.FarRoot, "c"));
        await _bench.DeleteAsync("d");

        Assert.Equal(["a", "b", "c", "e"], await _bench.ListAsync());
    }

    [Fact]
    public async Task The_same_bytes_again_change_nothing_and_other_bytes_are_put_aside()
    {
        await _bench.PutAsync("wal/a", "one");
        await _bench.ShipAsync();

        await _bench.PutAsync("wal/a", "one");
        await _bench.ShipAsync();
        Assert.Equal(0, (await _bench.Store.ReadStatusAsync(default)).Aside);

        await _bench.PutAsync("wal/a", "two");
        await _bench.PutAsync("wal/b", "goes on");
        await _bench.ShipAsync();

        var status = await _bench.Store.ReadStatusAsync(default);
        Assert.Equal((0, 1), (status.Objects, status.Aside));
        Assert.Equal("one", await _bench.ReadAsync("wal/a"));
        Assert.Equal(["wal/a", "wal/b"], _bench.AtTheFarEnd());
        var aside = Assert.Single(Directory.GetFiles(Path.Combine(_bench.Root, "aside"), "*", SearchOption.AllDirectories));
        Assert.Equal("two", await File.ReadAllTextAsync(aside));
    }

    [Fact]
    public async Task Other_bytes_under_a_name_that_waits_are_refused_at_once()
    {
        await _bench.PutAsync("wal/a", "one");

        await Assert.ThrowsAsync<ObjectExistsException>(() => _bench.PutAsync("wal/a", "two"));
        await Assert.ThrowsAsync<ObjectExistsException>(() => _bench.Store.WriteNewAsync(ObjectName.Parse("wal/a"), "x"u8.ToArray(), default));
    }

    [Fact]
    public async Task A_full_spool_refuses_and_keeps_a_quarter_for_WAL()
    {
        using var small = new SpoolBench(limitBytes: 100);
        await small.PutAsync("base/packs/1", new byte[80]);

        var refused = await Assert.ThrowsAsync<SpoolFullException>(() => small.PutAsync("base/packs/2", new byte[10]));
        Assert.Contains("repository.s3.spool_limit", refused.Message, StringComparison.Ordinal);
        await small.PutAsync("wal/a", new byte[20]);
        await Assert.ThrowsAsync<SpoolFullException>(() => small.PutAsync("wal/b", new byte[10]));
        Assert.Equal(0, await small.Store.FreeBytesAsync(default));

        await small.ShipAsync();
        small.Reopen();
        await small.PutAsync("base/packs/2", new byte[10]);
        Assert.Equal(90, await small.Store.FreeBytesAsync(default));
    }

    [Fact]
    public async Task Ranges_are_read_from_wherever_the_object_lies()
    {
        await _bench.PutAsync("base/packs/1", "0123456789");
        await AssertRangeAsync();
        await _bench.ShipAsync();
        await AssertRangeAsync();
        await _bench.DeleteAsync("base/packs/1");
        await Assert.ThrowsAsync<ObjectMissingException>(AssertRangeAsync);
    }

    private async Task AssertRangeAsync()
    {
        var bytes = new byte[3];
        await _bench.Store.ReadAtAsync(ObjectName.Parse("base/packs/1"), 4, bytes, default);
        Assert.Equal("456"u8.ToArray(), bytes);
    }
}
