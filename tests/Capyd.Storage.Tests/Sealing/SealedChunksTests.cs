using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Chunks;
using Capyd.Storage.Repository.Sealing;
using Capyd.Storage.Tests.Repository.Chunks;

namespace Capyd.Storage.Tests.Sealing;

/// <summary>Base backups in a sealed repository.</summary>
public sealed class SealedChunksTests : IDisposable
{
    private const int Frame = 65_536 + 16;

    private static readonly byte[] First = Ground.Content(1, 600_000);
    private static readonly byte[] Second = Ground.Content(2, 200_000);

    private readonly Ground _ground = new();
    private readonly SealedGround _keys = new();

    public void Dispose()
    {
        _ground.Dispose();
        _keys.Dispose();
    }

    [Fact]
    public async Task A_backup_is_stored_once_read_back_checked_and_tidied_up()
    {
        var repository = await OpenAsync();
        var first = await Ground.BackUpAsync(repository, "one", ("f", First), ("g", Second));
        Assert.Equal(0, (await Ground.BackUpAsync(repository, "two", ("g", Second))).Added);
        Assert.True(first.Added > 0);
        Assert.Equal(First, await Ground.ReadAsync(repository, "one", "f"));
        Assert.True((await repository.CheckAsync(readData: true, null, CancellationToken.None)).IsSound);
        await repository.DeleteBackupAsync("one", CancellationToken.None);
        var report = await repository.CollectGarbageAsync(CancellationToken.None);
        Assert.True(report.FreedBytes > First.Length / 3, $"{report}");
        Assert.Equal(Second, await Ground.ReadAsync(repository, "two", "g"));
        Assert.True((await repository.CheckAsync(readData: true, null, CancellationToken.None)).IsSound);
    }

    [Fact]
    public async Task A_catalogue_that_is_lost_is_read_from_sealed_packs()
    {
        await Ground.BackUpAsync(await OpenAsync(), "one", ("f", First));
        var repository = await OpenAsync();
        await repository.RebuildCatalogueAsync(CancellationToken.None);
        Assert.Equal(First, await Ground.ReadAsync(repository, "one", "f"));
    }

    [Fact]
    public async Task Nothing_of_a_backup_is_to_be_read_in_its_packs_and_manifests()
    {
        var marker = "a secret that nobody may find"u8.ToArray();
        await Ground.BackUpAsync(await OpenAsync(), "one", ("marker-file", [.. Ground.Content(3, 5000), .. marker]));
        foreach (var file in _ground.Packs.Concat(_ground.Manifests))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.True(bytes.AsSpan().IndexOf(marker) < 0 && bytes.AsSpan().IndexOf("marker-file"u8) < 0 && bytes.AsSpan().IndexOf("CAPYPCK1"u8) < 0, file);
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_a_pack_costs_one_frame_and_is_mended_by_the_next_backup()
    {
        var repository = await OpenAsync(large: true);
        await Ground.BackUpAsync(repository, "one", ("f", First));
        Damage.Flip(Assert.Single(_ground.Packs), 40 + Frame + 100);
        var check = await repository.CheckAsync(readData: true, null, CancellationToken.None);
        Assert.InRange(Assert.Single(check.DamagedPacks).Chunks.Count, 1, 6);
        Assert.Equal("one", Assert.Single(check.UnusableBackups).Name);
        await Assert.ThrowsAsync<RepositoryDamagedException>(() => Ground.ReadAsync(repository, "one", "f"));
        var mended = await Ground.BackUpAsync(repository, "two", ("f", First));
        Assert.InRange(mended.Added, 1, 6);
        Assert.Equal(First, await Ground.ReadAsync(repository, "one", "f"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-5000)]
    public async Task A_flipped_bit_in_the_last_frame_or_a_cut_costs_what_was_in_it(int at)
    {
        var repository = await OpenAsync(large: true);
        await Ground.BackUpAsync(repository, "one", ("f", First));
        var pack = Assert.Single(_ground.Packs);
        if (at == -1)
        {
            Damage.Flip(pack, at);
        }
        else
        {
            Damage.Cut(pack, new FileInfo(pack).Length + at);
        }

        var check = await repository.CheckAsync(readData: true, null, CancellationToken.None);
        Assert.True(Assert.Single(check.DamagedPacks).FooterDamaged);
        Assert.InRange((await Ground.BackUpAsync(repository, "two", ("f", First))).Added, 0, 12);
        Assert.Equal(First, await Ground.ReadAsync(repository, "one", "f"));
    }

    [Fact]
    public async Task A_manifest_that_was_altered_is_named_and_stops_a_collection()
    {
        var repository = await OpenAsync();
        await Ground.BackUpAsync(repository, "one", ("f", First));
        await Ground.BackUpAsync(repository, "two", ("g", Second));
        Damage.Flip(_ground.Manifests[0], 200);
        var listing = await repository.ListAsync(CancellationToken.None);
        Assert.Equal("two", Assert.Single(listing.Backups).Name);
        Assert.Contains("one", Assert.Single(listing.Damaged), StringComparison.Ordinal);
        await Assert.ThrowsAsync<RepositoryDamagedException>(() => repository.CollectGarbageAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Backups_from_before_the_sealing_are_used_on()
    {
        await Ground.BackUpAsync(await _ground.OpenAsync(), "one", ("f", First));
        await new SealedRepository(_ground.Store, null, TimeProvider.System).BeginAsync(_keys.Master, CancellationToken.None);
        var repository = await OpenAsync();
        Assert.Equal(0, (await Ground.BackUpAsync(repository, "two", ("f", First))).Added);
        await Ground.BackUpAsync(repository, "three", ("g", Second));
        Assert.Equal(First, await Ground.ReadAsync(repository, "two", "f"));
        Assert.True((await repository.CheckAsync(readData: true, null, CancellationToken.None)).IsSound);
        await repository.DeleteBackupAsync("one", CancellationToken.None);
        await repository.DeleteBackupAsync("two", CancellationToken.None);
        Assert.True((await repository.CollectGarbageAsync(CancellationToken.None)).RemovedPacks > 0);
        Assert.Equal(Second, await Ground.ReadAsync(repository, "three", "g"));
    }

    private async Task<ChunkRepository> OpenAsync(bool large = false)
    {
        IObjectStore store = await new SealedRepository(_ground.Store, null, TimeProvider.System).OpenAsync(_keys.Master, mayBegin: true, CancellationToken.None);
        return await _ground.OpenAsync(store, large ? _ground.Options with { PackBytes = 1024 * 1024 } : null);
    }
}
