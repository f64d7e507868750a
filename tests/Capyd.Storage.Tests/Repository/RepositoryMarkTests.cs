using Capyd.Storage.Repository;

namespace Capyd.Storage.Tests.Repository;

/// <summary>A disk that is not mounted leaves an empty directory where the repository was.</summary>
public sealed class RepositoryMarkTests : IDisposable
{
    private static readonly ObjectName Name = ObjectName.Parse("wal/one");
    private readonly TemporaryDirectory _directory = new();
    private readonly RepositoryMark _mark;
    private readonly DirectoryObjectStore _store;

    public RepositoryMarkTests()
    {
        _mark = new RepositoryMark(Place, _directory["repository.id"]);
        _store = new DirectoryObjectStore(Place, _mark);
    }

    private string Place => _directory["disk"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_is_begun_is_written_listed_and_read_and_the_mark_is_no_object()
    {
        Assert.False(_store.IsOurs);
        _mark.Begin();
        _mark.Begin();
        Assert.True(_store.IsOurs);
        await WriteAsync();
        Assert.Null(_mark.Problem);
        Assert.Equal([Name], (await ListAsync()).Select(found => found.Name));
        Assert.True(await _store.ExistsAsync(Name, CancellationToken.None));
    }

    [Fact]
    public async Task An_empty_directory_in_its_place_takes_nothing_and_misses_nothing()
    {
        _mark.Begin();
        await WriteAsync();
        Directory.Move(Place, _directory["elsewhere"]);
        Directory.CreateDirectory(Place);

        await Assert.ThrowsAsync<StoreUnavailableException>(WriteAsync);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.WriteNewAsync(Name, new byte[1], CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.OpenReadAsync(Name, CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.ExistsAsync(Name, CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.DeleteAsync(Name, CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.FreeBytesAsync(CancellationToken.None));
        Assert.Contains("is missing. Is its disk mounted?", (await Assert.ThrowsAsync<StoreUnavailableException>(ListAsync)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Place));

        Directory.Delete(Place);
        Directory.Move(_directory["elsewhere"], Place);
        Assert.True(await _store.ExistsAsync(Name, CancellationToken.None));
    }

    [Fact]
    public async Task Another_repository_is_not_written_until_it_is_adopted()
    {
        _mark.Begin();
        Directory.Move(Place, _directory["elsewhere"]);
        var other = new RepositoryMark(Place, _directory["other.id"]);
        var id = other.Adopt();

        Assert.Contains($"says {id}, not", (await Assert.ThrowsAsync<StoreUnavailableException>(WriteAsync)).Message, StringComparison.Ordinal);

        Assert.Equal(id, _mark.Adopt());
        await WriteAsync();
    }

    [Fact]
    public async Task A_copy_of_the_repository_is_as_good_and_an_object_that_is_missing_there_is_missing()
    {
        _mark.Begin();
        Directory.CreateDirectory(_directory["copy"]);
        File.Copy(Path.Combine(Place, RepositoryMark.FileName), Path.Combine(_directory["copy"], RepositoryMark.FileName));

        var copy = new DirectoryObjectStore(_directory["copy"], new RepositoryMark(_directory["copy"], _directory["repository.id"]));
        await Assert.ThrowsAsync<ObjectMissingException>(() => copy.OpenReadAsync(Name, CancellationToken.None));
    }

    private Task WriteAsync() => _store.WriteAsync(Name, static (stream, ct) => stream.WriteAsync(new byte[1], ct).AsTask(), CancellationToken.None);

    private async Task<List<StoredObject>> ListAsync()
    {
        var found = new List<StoredObject>();
        await foreach (var one in _store.ListAsync("", CancellationToken.None))
        {
            found.Add(one);
        }

        return found;
    }
}
