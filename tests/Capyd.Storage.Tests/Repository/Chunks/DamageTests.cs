using Capyd.Storage.Repository.Chunks;

namespace Capyd.Storage.Tests.Repository.Chunks;

/// <summary>Flipped bits, cut and missing files, a lost catalogue.</summary>
public sealed class DamageTests : IDisposable
{
    private static readonly byte[] First = Ground.Content(1, 200_000);
    private static readonly byte[] Second = Ground.Content(2, 50_000);

    private readonly Ground _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task A_flipped_bit_is_found_named_and_mended_by_the_next_backup()
    {
        var repository = await BothAsync();
        var pack = PackOfFirst();
        Damage.Flip(pack, 1000);
        Assert.True((await repository.CheckAsync(readData: false, null, CancellationToken.None)).IsSound);

        var check = await repository.CheckAsync(readData: true, null, CancellationToken.None);
        var damaged = Assert.Single(check.DamagedPacks);
        Assert.EndsWith(damaged.Pack, pack, StringComparison.Ordinal);
        Assert.Single(damaged.Chunks);
        var unusable = Assert.Single(check.UnusableBackups);
        Assert.Equal(("one", 1L), (unusable.Name, unusable.MissingChunks));
        Assert.Equal(["f"], unusable.Files);
        await Assert.ThrowsAsync<RepositoryDamagedException>(() => Ground.ReadAsync(repository, "one", "f"));
        Assert.Equal(Second, await Ground.ReadAsync(repository, "two", "f"));

        Assert.Equal(1, (await Ground.BackUpAsync(repository, "three", ("f", First))).Added);
        Assert.Equal(First, await Ground.ReadAsync(repository, "one", "f"));
        Assert.Empty((await repository.CheckAsync(readData: true, null, CancellationToken.None)).UnusableBackups);
    }

    [Fact]
    public async Task A_bit_flipped_in_a_footer_costs_no_chunk()
    {
        var repository = await BothAsync();
        Damage.Flip(PackOfFirst(), -100);
        var check = await repository.CheckAsync(readData: true, null, CancellationToken.None);
        Assert.True(Assert.Single(check.DamagedPacks).FooterDamaged);
        Assert.Empty(check.UnusableBackups);
        await repository.RebuildCatalogueAsync(CancellationToken.None);
        Assert.Equal(First, await Ground.ReadAsync(repository, "one", "f"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9_000)]
    [InlineData(40_000)]
    public async Task A_pack_cut_short_is_noticed_by_the_next_backup_which_stores_what_is_missing(int length)
    {
        var repository = await BothAsync();
        Damage.Cut(PackOfFirst(), length);
        var check = await repository.CheckAsync(readData: false, null, CancellationToken.None);
        Assert.Equal("one", Assert.Single(check.UnusableBackups).Name);
        Assert.True(Assert.Single(check.DamagedPacks).FooterDamaged);
        await Ground.BackUpAsync(repository, "three", ("f", First));
        Assert.Equal(First, await Ground.ReadAsync(repository, "one", "f"));
    }

    [Fact]
    public async Task A_frame_that_claims_gigabytes_costs_its_chunk_and_no_memory()
    {
        var repository = await _ground.OpenAsync(options: _ground.Options with { ChunkBytes = 128 * 1024, PackBytes = 1024 * 1024 });
        await Ground.BackUpAsync(repository, "one", ("f", First));
        var pack = Assert.Single(_ground.Packs);
        Damage.Flip(pack, -100);
        Damage.ClaimPlain(pack, PackFormat.Magic.Length, 0x7FFFFFF0);

        var check = await repository.CheckAsync(readData: true, null, CancellationToken.None);
        Assert.Equal(("one", 1L), Assert.Single(check.UnusableBackups.Select(static backup => (backup.Name, backup.MissingChunks))));
    }

    [Fact]
    public async Task A_missing_pack_makes_its_backups_unusable_and_no_other()
    {
        var repository = await BothAsync();
        File.Delete(PackOfFirst());
        var check = await repository.CheckAsync(readData: false, null, CancellationToken.None);
        Assert.Equal("one", Assert.Single(check.UnusableBackups).Name);
        Assert.Equal(Second, await Ground.ReadAsync(repository, "two", "f"));
        Assert.True((await repository.CollectGarbageAsync(CancellationToken.None)).LostChunks > 0);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(-40)]
    [InlineData(-1)]
    public async Task A_damaged_manifest_is_listed_as_such_and_the_others_stay_usable(int at)
    {
        var repository = await BothAsync();
        Damage.Flip(_ground.Manifests[0], at);
        var check = await repository.CheckAsync(readData: false, null, CancellationToken.None);
        Assert.Contains("backup one", Assert.Single(check.DamagedManifests), StringComparison.Ordinal);
        await Assert.ThrowsAsync<RepositoryDamagedException>(() => repository.OpenManifestAsync("one", CancellationToken.None));
        Assert.Contains((await repository.ListAsync(CancellationToken.None)).Backups, backup => backup.Name == "two");
        await repository.DeleteBackupAsync("one", CancellationToken.None);
        Assert.True((await repository.CheckAsync(readData: true, null, CancellationToken.None)).IsSound);
    }

    [Fact]
    public async Task A_manifest_cut_short_is_damaged()
    {
        var repository = await BothAsync();
        foreach (var length in (int[])[0, 6, 30, 400, (int)new FileInfo(_ground.Manifests[0]).Length - 1])
        {
            var whole = await File.ReadAllBytesAsync(_ground.Manifests[0]);
            Damage.Cut(_ground.Manifests[0], length);
            await Assert.ThrowsAsync<RepositoryDamagedException>(() => repository.OpenManifestAsync("one", CancellationToken.None));
            await File.WriteAllBytesAsync(_ground.Manifests[0], whole);
        }
    }

    [Fact]
    public async Task A_lost_or_ruined_catalogue_is_built_anew_from_the_packs()
    {
        (await BothAsync()).Dispose();
        File.Delete(_ground.Catalogue);
        using (var reopened = await _ground.OpenAsync())
        {
            Assert.Equal(First, await Ground.ReadAsync(reopened, "one", "f"));
            Assert.Equal(0, (await Ground.BackUpAsync(reopened, "three", ("f", First))).Added);
        }

        await File.WriteAllTextAsync(_ground.Catalogue, new string('x', 5000));
        var again = await _ground.OpenAsync();
        Assert.Equal(Second, await Ground.ReadAsync(again, "two", "f"));
    }

    [Fact]
    public async Task A_rebuilt_catalogue_knows_what_the_old_one_knew()
    {
        var repository = await BothAsync();
        var before = await repository.StatsAsync(CancellationToken.None);
        await repository.RebuildCatalogueAsync(CancellationToken.None);
        Assert.Equal(before, await repository.StatsAsync(CancellationToken.None));
    }

    private async Task<ChunkRepository> BothAsync()
    {
        var repository = await _ground.OpenAsync(options: _ground.Options with { PackBytes = 1024 * 1024 });
        await Ground.BackUpAsync(repository, "one", ("f", First));
        await Ground.BackUpAsync(repository, "two", ("f", Second));
        return repository;
    }

    private string PackOfFirst() => _ground.Packs.MaxBy(file => new FileInfo(file).Length)!;
}
