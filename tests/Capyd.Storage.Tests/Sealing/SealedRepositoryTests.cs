using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Sealing;

namespace Capyd.Storage.Tests.Sealing;

/// <summary>How configuration and repository fit together, and repositories that were plain before.</summary>
public sealed class SealedRepositoryTests : IDisposable
{
    private readonly SealedGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Without_keys_and_without_encryption_it_is_the_plain_store()
    {
        var inner = _ground.Inner;
        Assert.Same(inner, await _ground.Repository(inner).OpenAsync(null, mayBegin: true, default));
    }

    [Fact]
    public async Task A_sealed_repository_is_never_written_plain()
    {
        await _ground.OpenAsync();
        var refused = await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.Repository().OpenAsync(null, mayBegin: true, default));
        Assert.Contains("repository.encryption.key_file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_repository_begins_by_itself_only_for_the_daemon()
    {
        await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.Repository().OpenAsync(_ground.Master, mayBegin: false, default));
        Assert.Empty(await SealedGround.ListAsync(_ground.Inner));
        await _ground.OpenAsync();
        Assert.True(await _ground.Repository().IsSealedAsync(default));
    }

    [Fact]
    public async Task A_repository_with_objects_has_to_be_converted_first()
    {
        await SealedGround.WriteAsync(_ground.Inner, "o", [1]);
        var refused = await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.OpenAsync());
        Assert.Contains("capyd repository key init", refused.Message, StringComparison.Ordinal);
        Assert.Single(await SealedGround.ListAsync(_ground.Inner));
    }

    [Fact]
    public async Task After_the_conversion_what_was_there_is_read_and_no_other_plain_object()
    {
        var plain = SealedGround.Content(100_000);
        await SealedGround.WriteAsync(_ground.Inner, "wal/old", plain);
        var keys = await _ground.Repository().BeginAsync(_ground.Master, default);
        Assert.Equal(1, keys.PlainObjects);
        var store = await _ground.OpenAsync();
        await SealedGround.WriteAsync(store, "wal/new", [1, 2]);
        await SealedGround.WriteAsync(_ground.Inner, "wal/smuggled", plain);
        Assert.Equal(plain, await SealedGround.ReadAsync(store, "wal/old"));
        var part = new byte[10];
        await store.ReadAtAsync(SealedGround.Name("wal/old"), 99_990, part, default);
        Assert.Equal(plain[^10..], part);
        Assert.Equal([2, 100_000], (await SealedGround.ListAsync(store)).Where(found => !found.Name.ToString().Contains("smuggled", StringComparison.Ordinal)).Select(found => found.Size));
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => SealedGround.ReadAsync(store, "wal/smuggled"));
        Assert.Contains("not encrypted", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(() => store.ReadAtAsync(SealedGround.Name("wal/smuggled"), 0, part, default));
    }

    [Fact]
    public async Task The_same_plain_bytes_again_under_an_old_name_change_nothing()
    {
        await SealedGround.WriteAsync(_ground.Inner, "o", [1, 2]);
        await _ground.Repository().BeginAsync(_ground.Master, default);
        var store = await _ground.OpenAsync();
        Assert.Equal(2, (await SealedGround.WriteAsync(store, "o", [1, 2])).Size);
        await Assert.ThrowsAsync<ObjectExistsException>(() => SealedGround.WriteAsync(store, "o", [1, 3]));
    }

    [Fact]
    public async Task An_old_name_that_was_freed_is_taken_again_sealed()
    {
        await SealedGround.WriteAsync(_ground.Inner, "o", [1, 2]);
        await _ground.Repository().BeginAsync(_ground.Master, default);
        var store = await _ground.OpenAsync();
        await store.DeleteAsync(SealedGround.Name("o"), default);
        await SealedGround.WriteAsync(store, "o", [3, 4, 5]);
        Assert.Equal([3, 4, 5], await SealedGround.ReadAsync(store, "o"));
        Assert.Equal(3, Assert.Single(await SealedGround.ListAsync(store)).Size);
        Assert.True((await File.ReadAllBytesAsync(_ground.FileOf("o"))).AsSpan().StartsWith("CAPYSEAL"u8));
    }

    [Fact]
    public async Task A_list_of_plain_objects_that_somebody_else_wrote_is_refused()
    {
        await SealedGround.WriteAsync(_ground.Inner, "o", [1, 2]);
        await _ground.Repository().BeginAsync(_ground.Master, default);
        await File.WriteAllTextAsync(_ground.FileOf("keys/plain-before"), "2 o\n100 wal/smuggled\n");
        await Assert.ThrowsAsync<InvalidDataException>(() => _ground.OpenAsync());
    }

    [Fact]
    public async Task A_repository_has_one_beginning()
    {
        await _ground.OpenAsync();
        await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.Repository().BeginAsync(_ground.Master, default));
    }

    [Fact]
    public async Task While_the_repository_does_not_answer_the_copies_open_the_keys()
    {
        await _ground.Repository(copies: _ground.Copies).OpenAsync(_ground.Master, mayBegin: true, default);
        await _ground.Repository().RotateAsync(_ground.Master, default);
        await _ground.Repository(copies: _ground.Copies).OpenAsync(_ground.Master, mayBegin: false, default);
        var away = new AwayStore();
        var store = (SealedObjectStore)await _ground.Repository(away, _ground.Copies).OpenAsync(_ground.Master, mayBegin: true, default);
        Assert.Equal(2, store.Keys.List().Count);
        await Assert.ThrowsAsync<RepositoryKeyException>(() => _ground.Repository(away, _ground.Copies).OpenAsync(null, mayBegin: true, default));
        await Assert.ThrowsAsync<IOException>(() => _ground.Repository(away, copies: null).OpenAsync(_ground.Master, mayBegin: true, default));
    }

    [Fact]
    public async Task Copies_follow_another_master_key_and_are_never_thrown_away_for_nothing()
    {
        var repository = _ground.Repository(copies: _ground.Copies);
        await repository.OpenAsync(_ground.Master, mayBegin: true, default);
        await repository.RewrapAsync(_ground.Master, _ground.WriteKey("next"), null, default);
        Assert.Equal(
            Directory.GetFiles(_ground.FileOf("keys")).Select(Path.GetFileName), Directory.GetFiles(Path.Combine(_ground.PathOf("copies"), "keys")).Select(Path.GetFileName));
        Directory.Delete(_ground.FileOf("keys"), recursive: true);
        var refused = await Assert.ThrowsAsync<RepositoryKeyException>(() => repository.OpenAsync(MasterKeyFile.OfKey(_ground.PathOf("next")), mayBegin: true, default));
        Assert.Contains("copies", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(_ground.PathOf("copies"), "keys")));
    }
}
