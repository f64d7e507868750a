using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Storage.Tests.Spool;

public sealed class SpoolShipperTests : IDisposable
{
    private readonly SpoolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task WAL_goes_first_and_what_makes_a_backup_count_last()
    {
        await _bench.PutAsync("backups/p/1.dump.zst.json", "1");
        await _bench.PutAsync("base/manifests/1.manifest", "1");
        await _bench.PutAsync("base/packs/1", "1");
        await _bench.PutAsync("backups/p/1.dump.zst", "1");
        await _bench.PutAsync("wal/1", "1");
        File.SetLastWriteTimeUtc(Path.Combine(_bench.Root, "objects", "base/packs/1"), DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(Path.Combine(_bench.Root, "objects", "base/manifests/1.manifest"), DateTime.UnixEpoch.AddDays(-1));
        File.SetLastWriteTimeUtc(Path.Combine(_bench.Root, "objects", "backups/p/1.dump.zst.json"), DateTime.UnixEpoch);

        await _bench.ShipAsync();

        Assert.Equal(
            ["+wal/1", "+base/packs/1", "+backups/p/1.dump.zst", "+base/manifests/1.manifest", "+backups/p/1.dump.zst.json"], _bench.Far.Log);
    }

    [Fact]
    public async Task Nothing_is_removed_before_what_was_written_earlier_is_stored_and_manifests_go_before_their_data()
    {
        await _bench.PutAsync("base/packs/old", "1");
        await _bench.PutAsync("base/manifests/old.manifest", "1");
        await _bench.ShipAsync();
        await _bench.PutAsync("base/packs/new", "1");
        await _bench.DeleteAsync("base/packs/old");
        await _bench.DeleteAsync("base/manifests/old.manifest");

        await _bench.ShipAsync();

        Assert.Equal(["+base/packs/new", "-base/manifests/old.manifest", "-base/packs/old"], _bench.Far.Log.Skip(2));
    }

    [Fact]
    public async Task A_name_that_was_removed_and_written_anew_holds_the_new_bytes()
    {
        await _bench.PutAsync("wal/1.partial", "begun");
        await _bench.ShipAsync();
        _bench.Far.IsCut = true;
        foreach (var text in (string[])["begun and", "begun and grown", "begun and grown again"])
        {
            await _bench.DeleteAsync("wal/1.partial");
            await _bench.PutAsync("wal/1.partial", text);
        }

        _bench.Far.IsCut = false;
        _bench.Reopen();
        Assert.Equal("begun and grown again", await _bench.ReadAsync("wal/1.partial"));
        await _bench.ShipAsync();

        Assert.Equal("begun and grown again", await _bench.ReadAsync("wal/1.partial"));
        Assert.Equal(["+wal/1.partial", "-wal/1.partial", "+wal/1.partial"], _bench.Far.Log);
        Assert.Empty(_bench.InTheSpool());
        Assert.Empty(_bench.ToBeRemoved());
    }

    [Fact]
    public async Task What_is_removed_and_written_anew_while_it_is_sent_is_neither_lost_nor_kept_old()
    {
        await _bench.PutAsync("wal/1", "old");
        _bench.Far.BeforePublishing = async _ =>
        {
            _bench.Far.BeforePublishing = null;
            await _bench.DeleteAsync("wal/1");
            await _bench.PutAsync("wal/1", "new");
        };

        await _bench.ShipAsync();

        Assert.Equal("new", await _bench.ReadAsync("wal/1"));
        Assert.Equal(["+wal/1", "-wal/1", "+wal/1"], _bench.Far.Log);
    }

    [Fact]
    public async Task A_line_that_is_cut_in_the_middle_of_a_write_leaves_nothing_visible_and_the_object_in_the_spool()
    {
        await _bench.PutAsync("wal/1", "one");
        _bench.Far.BeforePublishing = _ =>
        {
            _bench.Far.IsCut = true;
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<StoreUnavailableException>(_bench.ShipAsync);
        Assert.Empty(_bench.AtTheFarEnd());
        Assert.Equal(["wal/1"], _bench.InTheSpool());

        (_bench.Far.IsCut, _bench.Far.BeforePublishing) = (false, null);
        await _bench.ShipAsync();
        Assert.Equal(["wal/1"], _bench.AtTheFarEnd());
    }

    [Fact]
    public async Task A_death_between_the_far_end_and_the_spool_sends_the_same_bytes_again_which_changes_nothing()
    {
        await _bench.PutAsync("wal/1", "one");
        _bench.Far.AfterPublishing = _ => throw new InvalidOperationException("killed");
        await Assert.ThrowsAsync<InvalidOperationException>(_bench.ShipAsync);
        _bench.Far.AfterPublishing = null;
        _bench.Reopen();
        Assert.Equal(["wal/1"], _bench.AtTheFarEnd());
        Assert.Equal(["wal/1"], _bench.InTheSpool());

        await _bench.ShipAsync();

        Assert.Empty(_bench.InTheSpool());
        Assert.Equal("one", await _bench.ReadAsync("wal/1"));
        Assert.Equal(0, (await _bench.Store.ReadStatusAsync(default)).Aside);
    }

    [Fact]
    public async Task Half_written_files_of_a_killed_writer_are_neither_shipped_nor_kept()
    {
        await _bench.PutAsync("wal/1", "one");
        await File.WriteAllTextAsync(Path.Combine(_bench.Root, "objects", "wal", ".tmp-0123"), "half");

        await _bench.ShipAsync();

        Assert.Equal(["wal/1"], _bench.AtTheFarEnd());
        Assert.Equal(1, _bench.Store.RemoveHalfWritten());
        Assert.Empty(_bench.InTheSpool());
    }

    [Fact]
    public async Task Only_one_process_ships_at_a_time()
    {
        using var other = new Storage.Repository.Spool.SpooledObjectStore(_bench.Settings, _ => Task.FromResult<IObjectStore>(_bench.Far), TimeProvider.System);
        using (_bench.Store.Shipper.Take())
        {
            Assert.Throws<RepositoryBusyException>(() => other.Shipper.Take());
        }

        other.Shipper.Take().Dispose();
    }

    [Fact]
    public async Task Base_backups_are_written_while_the_far_end_is_away_and_read_from_it_afterwards()
    {
        using var cache = new TemporaryDirectory();
        await _bench.Store.Shipper.LearnAsync(default);
        _bench.Far.IsCut = true;
        using (var repository = await ChunkRepository.OpenAsync(_bench.Store, new ChunkRepositoryOptions(cache.Root), TimeProvider.System, default))
        {
            await using var session = await repository.BeginBackupAsync("first", default);
            await session.AddFileAsync(new ManifestEntry(ManifestEntryKind.File, "base/1", 384, 0, 0), new MemoryStream(new byte[700_000]), null, default);
            await session.CommitAsync("", default);
        }

        _bench.Far.IsCut = false;
        await _bench.ShipAsync();
        using var fresh = new TemporaryDirectory();
        using var far = await ChunkRepository.OpenAsync(_bench.Far, new ChunkRepositoryOptions(fresh.Root), TimeProvider.System, default);
        var check = await far.CheckAsync(readData: true, null, default);
        Assert.Equal((1, true), (check.Backups, check.IsSound));
    }

    [Fact]
    public async Task Other_bytes_that_say_the_same_are_no_conflict()
    {
        await _bench.PutAsync("wal/1", "sealed once: one");
        await _bench.ShipAsync();
        _bench.Store.SaysTheSame = async (_, local, remote, ct) =>
            (await new StreamReader(local).ReadToEndAsync(ct))[^3..] == (await new StreamReader(remote).ReadToEndAsync(ct))[^3..];

        await _bench.PutAsync("wal/1", "sealed again: one");
        await _bench.ShipAsync();
        Assert.Equal((0, 0), await WaitingAndAsideAsync());

        await _bench.PutAsync("wal/1", "sealed again: two");
        await _bench.ShipAsync();
        Assert.Equal((0, 1), await WaitingAndAsideAsync());
        Assert.Equal("sealed once: one", await _bench.ReadAsync("wal/1"));
    }

    [Fact]
    public async Task Keys_go_before_everything_that_they_open()
    {
        await _bench.PutAsync("wal/1", "1");
        await _bench.PutAsync("keys/1.json", "1");

        await _bench.ShipAsync();

        Assert.Equal(["+keys/1.json", "+wal/1"], _bench.Far.Log);
    }

    private async Task<(int, int)> WaitingAndAsideAsync()
    {
        var status = await _bench.Store.ReadStatusAsync(default);
        return (status.Objects, status.Aside);
    }
}
