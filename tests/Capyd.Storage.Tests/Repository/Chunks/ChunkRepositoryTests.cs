using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Storage.Tests.Repository.Chunks;

public sealed class ChunkRepositoryTests : IDisposable
{
    private readonly Ground _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task What_was_backed_up_is_read_back_with_its_metadata()
    {
        var repository = await _ground.OpenAsync();
        var large = Ground.Content(1, 300_000);
        await using (var session = await repository.BeginBackupAsync("one", CancellationToken.None))
        {
            session.AddEntry(new ManifestEntry(ManifestEntryKind.Directory, "base", 0x1C0, 0, 5));
            session.AddEntry(new ManifestEntry(ManifestEntryKind.SymbolicLink, "pg_tblspc/7", 0x1FF, 0, 6) { LinkTarget = "/there/ü" });
            await session.AddFileAsync(new ManifestEntry(ManifestEntryKind.File, "base/1", 0x180, 0, 7), new MemoryStream(large), null, CancellationToken.None);
            await session.AddFileAsync(new ManifestEntry(ManifestEntryKind.File, "empty", 0x180, 0, 8), Stream.Null, null, CancellationToken.None);
            await session.CommitAsync("{\"lsn\":\"0/1\"}", CancellationToken.None);
        }

        using var manifest = await repository.OpenManifestAsync("one", CancellationToken.None);
        Assert.Equal("{\"lsn\":\"0/1\"}", manifest.Header.Metadata);
        Assert.Equal(["base", "pg_tblspc/7", "base/1", "empty"], manifest.Entries().Select(entry => entry.Path));
        Assert.Equal("/there/ü", manifest.Find("pg_tblspc/7")!.LinkTarget);
        Assert.Equal((300_000, 0x180, 7L), (manifest.Find("base/1")!.Size, manifest.Find("base/1")!.Mode, manifest.Find("base/1")!.ModifiedAt));
        Assert.Equal(large, await Ground.ReadAsync(repository, "one", "base/1"));
        Assert.Empty(await Ground.ReadAsync(repository, "one", "empty"));
        Assert.Null(manifest.Find("nowhere"));
        Assert.Equal(300_000, Assert.Single((await repository.ListAsync(CancellationToken.None)).Backups).LogicalBytes);
    }

    [Fact]
    public async Task A_second_backup_of_unchanged_data_stores_less_than_two_percent()
    {
        var repository = await _ground.OpenAsync(options: _ground.Options with { ChunkBytes = 256 * 1024, PackBytes = 1024 * 1024 });
        var files = Enumerable.Range(0, 4).Select(i => ($"f{i}", Ground.Content(i, 1_000_000))).ToArray();
        var first = await Ground.BackUpAsync(repository, "one", files);
        var before = Size();
        var second = await Ground.BackUpAsync(repository, "two", files);
        Assert.Equal(0, second.Header.AddedBytes);
        Assert.True(Size() - before < before / 50, $"{Size() - before} of {before}");
        Assert.True(first.Header.AddedBytes > 2_000_000);
        Assert.Equal(files[2].Item2, await Ground.ReadAsync(repository, "two", "f2"));
    }

    [Fact]
    public async Task A_chunk_known_to_be_unchanged_is_taken_over_without_being_read()
    {
        var repository = await _ground.OpenAsync();
        var content = Ground.Content(1, 100_000);
        await Ground.BackUpAsync(repository, "one", ("f", content));
        using var earlier = await repository.OpenManifestAsync("one", CancellationToken.None);
        var chunks = earlier.Find("f")!.Chunks;
        await using var session = await repository.BeginBackupAsync("two", CancellationToken.None);
        var file = new ManifestEntry(ManifestEntryKind.File, "f", 0x180, 0, 0);
        await session.AddFileAsync(file, new MemoryStream(content), (index, _) => chunks[index], CancellationToken.None);
        var summary = await session.CommitAsync("", CancellationToken.None);
        Assert.Equal((chunks.Count, 0), (summary.Reused, summary.Added));
    }

    [Fact]
    public async Task A_reference_to_a_chunk_that_is_lost_is_not_taken_over()
    {
        var repository = await _ground.OpenAsync();
        var content = Ground.Content(1, 100_000);
        await Ground.BackUpAsync(repository, "one", ("f", content));
        using var earlier = await repository.OpenManifestAsync("one", CancellationToken.None);
        Array.ForEach(_ground.Packs, File.Delete);
        await using (var session = await repository.BeginBackupAsync("two", CancellationToken.None))
        {
            var chunks = earlier.Find("f")!.Chunks;
            var file = new ManifestEntry(ManifestEntryKind.File, "f", 0x180, 0, 0);
            await session.AddFileAsync(file, new MemoryStream(content), (index, _) => chunks[index], CancellationToken.None);
            Assert.Equal(0, (await session.CommitAsync("", CancellationToken.None)).Reused);
        }

        Assert.Equal(content, await Ground.ReadAsync(repository, "two", "f"));
        Assert.Equal(content, await Ground.ReadAsync(repository, "one", "f"));
    }

    [Fact]
    public async Task Two_backups_at_once_are_refused_and_the_message_says_who_is_at_work()
    {
        var repository = await _ground.OpenAsync();
        var other = await _ground.OpenAsync();
        await using var session = await repository.BeginBackupAsync("one", CancellationToken.None);
        var refused = await Assert.ThrowsAsync<RepositoryBusyException>(() => other.BeginBackupAsync("two", CancellationToken.None));
        Assert.Contains("backup one", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RepositoryBusyException>(() => repository.CollectGarbageAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Garbage_is_not_collected_under_a_reader()
    {
        var repository = await _ground.OpenAsync();
        await Ground.BackUpAsync(repository, "one", ("f", Ground.Content(1, 1000)));
        using (await repository.OpenManifestAsync("one", CancellationToken.None))
        using (await repository.OpenManifestAsync("one", CancellationToken.None))
        {
            await Assert.ThrowsAsync<RepositoryBusyException>(() => repository.CollectGarbageAsync(CancellationToken.None));
        }

        Assert.Equal(0, (await repository.CollectGarbageAsync(CancellationToken.None)).RemovedPacks);
    }

    [Fact]
    public async Task A_name_is_given_once_and_has_no_slash()
    {
        var repository = await _ground.OpenAsync();
        await Ground.BackUpAsync(repository, "one");
        await Assert.ThrowsAsync<ObjectExistsException>(() => repository.BeginBackupAsync("one", CancellationToken.None));
        await Assert.ThrowsAsync<FormatException>(() => repository.BeginBackupAsync("../one", CancellationToken.None));
        await using var free = await repository.BeginBackupAsync("two", CancellationToken.None);
    }

    [Fact]
    public async Task An_abandoned_backup_is_no_backup_and_its_packs_are_garbage()
    {
        var repository = await _ground.OpenAsync();
        await using (var session = await repository.BeginBackupAsync("one", CancellationToken.None))
        {
            await session.AddFileAsync(
                new ManifestEntry(ManifestEntryKind.File, "f", 0x180, 0, 0), new MemoryStream(Ground.Content(1, 500_000)), null, CancellationToken.None);
        }

        Assert.NotEmpty(_ground.Packs);
        Assert.Empty((await repository.ListAsync(CancellationToken.None)).Backups);
        Assert.True((await repository.CollectGarbageAsync(CancellationToken.None)).FreedBytes > 100_000);
        Assert.Empty(_ground.Packs);
    }

    [Fact]
    public async Task Thousands_of_small_files_share_a_few_packs()
    {
        var repository = await _ground.OpenAsync(options: _ground.Options with { PackBytes = 1024 * 1024 });
        var files = Enumerable.Range(0, 5000).Select(i => ($"base/{i}", Ground.Content(i, 100))).ToArray();
        await Ground.BackUpAsync(repository, "one", files);
        using var manifest = await repository.OpenManifestAsync("one", CancellationToken.None);
        Assert.Equal(5000, manifest.Entries().Count());
        Assert.Single(_ground.Packs);
        Assert.Equal(files[4321].Item2, await Ground.ReadAsync(repository, "one", "base/4321"));
    }

    [Fact]
    public async Task A_stream_that_fails_leaves_the_session_without_a_trace()
    {
        var repository = await _ground.OpenAsync();
        await using (var session = await repository.BeginBackupAsync("one", CancellationToken.None))
        {
            await Assert.ThrowsAsync<KilledException>(() => session.AddFileAsync(
                new ManifestEntry(ManifestEntryKind.File, "f", 0x180, 0, 0), new BrokenStream(100_000), null, CancellationToken.None));
        }

        await Ground.BackUpAsync(repository, "one", ("f", [1, 2, 3]));
        Assert.Equal([1, 2, 3], await Ground.ReadAsync(repository, "one", "f"));
    }

    [Fact]
    public async Task Memory_stays_bounded_however_large_the_backup()
    {
        var repository = await _ground.OpenAsync(options: _ground.Options with { ChunkBytes = 256 * 1024, PackBytes = 4 * 1024 * 1024 });
        await BackUpRandomAsync(repository, "warm", 4);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await BackUpRandomAsync(repository, "large", 128);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept < 40 * 1024 * 1024, $"{kept} bytes are still held");
    }

    private static async Task BackUpRandomAsync(ChunkRepository repository, string name, int megabytes)
    {
        await using var session = await repository.BeginBackupAsync(name, CancellationToken.None);
        await session.AddFileAsync(
            new ManifestEntry(ManifestEntryKind.File, "f", 0x180, 0, 0), new RandomStream(megabytes), null, CancellationToken.None);
        Assert.True(session.AddedBytes >= megabytes * 1024L * 1024);
        await session.CommitAsync("", CancellationToken.None);
    }

    private long Size() => _ground.Packs.Concat(_ground.Manifests).Sum(file => new FileInfo(file).Length);
}
