using Capyd.Storage.Repository.Chunks;

namespace Capyd.Storage.Tests.Repository.Chunks;

/// <summary>Collecting garbage, and being killed at every step of a backup and of a collection (traps 38, 39).</summary>
public sealed class GarbageTests : IDisposable
{
    private static readonly byte[] Shared = Ground.Content(1, 90_000);
    private static readonly byte[] Old = Ground.Content(2, 200_000);
    private static readonly byte[] New = Ground.Content(3, 90_000);

    private readonly Ground _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Only_what_no_backup_refers_to_is_removed()
    {
        var repository = await _ground.OpenAsync();
        await Ground.BackUpAsync(repository, "one", ("old", Old), ("shared", Shared));
        await Ground.BackUpAsync(repository, "two", ("shared", Shared), ("new", New));
        var before = (await repository.StatsAsync(CancellationToken.None)).StoredBytes;
        Assert.Equal(new GarbageReport(0, 0, 0, 0), await repository.CollectGarbageAsync(CancellationToken.None));
        await repository.DeleteBackupAsync("one", CancellationToken.None);
        var report = await repository.CollectGarbageAsync(CancellationToken.None);
        var after = await repository.StatsAsync(CancellationToken.None);
        Assert.Equal(report.FreedBytes, before - after.StoredBytes);
        Assert.True(report.FreedBytes > 80_000, $"{report}");
        Assert.Equal(_ground.Packs.Sum(file => new FileInfo(file).Length), after.StoredBytes);
        await AssertSoundAsync(repository, "two", ("shared", Shared), ("new", New));
    }

    [Fact]
    public async Task A_pack_with_little_alive_is_rewritten()
    {
        var repository = await _ground.OpenAsync(options: _ground.Options with { PackBytes = 1024 * 1024 });
        await Ground.BackUpAsync(repository, "one", ("old", Old), ("shared", Shared));
        await Ground.BackUpAsync(repository, "two", ("shared", Shared));
        var before = Assert.Single(_ground.Packs);
        await repository.DeleteBackupAsync("one", CancellationToken.None);
        Assert.Equal(1, (await repository.CollectGarbageAsync(CancellationToken.None)).RewrittenPacks);
        Assert.NotEqual(before, Assert.Single(_ground.Packs));
        await AssertSoundAsync(repository, "two", ("shared", Shared));
        Assert.Equal(new GarbageReport(0, 0, 0, 0), await repository.CollectGarbageAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_unreadable_manifest_stops_the_collection_before_anything_is_removed()
    {
        var repository = await _ground.OpenAsync();
        await Ground.BackUpAsync(repository, "one", ("old", Old));
        await Ground.BackUpAsync(repository, "two", ("new", New));
        Damage.Flip(_ground.Manifests[0], 200);
        var packs = _ground.Packs;
        var refused = await Assert.ThrowsAsync<RepositoryDamagedException>(() => repository.CollectGarbageAsync(CancellationToken.None));
        Assert.Contains("one", refused.Message, StringComparison.Ordinal);
        Assert.Equal(packs, _ground.Packs);
    }

    [Fact]
    public async Task A_backup_killed_at_any_step_harms_no_other_and_can_be_taken_again()
    {
        await Ground.BackUpAsync(await _ground.OpenAsync(), "one", ("old", Old), ("shared", Shared));
        var survived = false;
        for (var step = 1; !survived; step++)
        {
            survived = await SurvivesAsync(step, repository => Ground.BackUpAsync(repository, "two", ("shared", Shared), ("new", New)));
            var repository = await _ground.OpenAsync();
            await AssertSoundAsync(repository, "one", ("old", Old), ("shared", Shared));
            if ((await repository.ListAsync(CancellationToken.None)).Backups.Count == 2)
            {
                await AssertSoundAsync(repository, "two", ("shared", Shared), ("new", New));
            }
            else
            {
                await Ground.BackUpAsync(repository, "two", ("shared", Shared), ("new", New));
                await AssertSoundAsync(repository, "two", ("shared", Shared), ("new", New));
            }

            await repository.DeleteBackupAsync("two", CancellationToken.None);
            await repository.CollectGarbageAsync(CancellationToken.None);
            Assert.True(step < 100);
        }
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(1024 * 1024)]
    public async Task A_collection_killed_at_any_step_loses_nothing_and_can_be_run_again(int packBytes)
    {
        var options = _ground.Options with { PackBytes = packBytes };
        var survived = false;
        for (var step = 1; !survived; step++)
        {
            var before = await _ground.OpenAsync(options: options);
            await Ground.BackUpAsync(before, "one", ("old", Ground.Content(100 + step, 150_000)), ("shared", Shared));
            await Ground.BackUpAsync(before, "two", ("shared", Shared), ("new", New));
            await before.DeleteBackupAsync("one", CancellationToken.None);
            survived = await SurvivesAsync(step, repository => repository.CollectGarbageAsync(CancellationToken.None), options);
            if (step % 2 == 0)
            {
                File.Delete(_ground.Catalogue);
            }

            var after = await _ground.OpenAsync(options: options);
            await AssertSoundAsync(after, "two", ("shared", Shared), ("new", New));
            await after.CollectGarbageAsync(CancellationToken.None);
            await AssertSoundAsync(after, "two", ("shared", Shared), ("new", New));
            var stats = await after.StatsAsync(CancellationToken.None);
            Assert.True(stats.StoredBytes < 2 * (Shared.Length + New.Length), $"{stats}");
            await after.DeleteBackupAsync("two", CancellationToken.None);
            await after.CollectGarbageAsync(CancellationToken.None);
            Assert.Empty(_ground.Packs);
            Assert.True(step < 100);
        }
    }

    private async Task<bool> SurvivesAsync(int step, Func<ChunkRepository, Task> work, ChunkRepositoryOptions? options = null)
    {
        try
        {
            await work(await _ground.OpenAsync(_ground.Faulty(step), options));
            return true;
        }
        catch (KilledException)
        {
            return false;
        }
    }

    private static async Task AssertSoundAsync(ChunkRepository repository, string backup, params (string Path, byte[] Content)[] files)
    {
        Assert.True((await repository.CheckAsync(readData: true, null, CancellationToken.None)).IsSound);
        foreach (var (path, content) in files)
        {
            Assert.Equal(content, await Ground.ReadAsync(repository, backup, path));
        }
    }
}
