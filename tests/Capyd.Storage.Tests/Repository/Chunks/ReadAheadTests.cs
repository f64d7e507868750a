using Capyd.Storage.Repository.Chunks;

namespace Capyd.Storage.Tests.Repository.Chunks;

public sealed class ReadAheadTests : IDisposable
{
    private const int Files = 200;
    private readonly Ground _ground = new();
    private readonly CountingStore _store;

    public ReadAheadTests() => _store = new CountingStore(_ground.Store);

    private ChunkRepositoryOptions Far => _ground.Options with { IsFar = true, PackBytes = 4 << 20 };

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Many_small_files_are_read_with_few_requests_by_many_readers_at_once()
    {
        var repository = await BackedUpAsync();
        var before = _store.Reads;

        Assert.Empty(await WrongAsync(repository));

        // 200 files of four chunks each; about 6.5 MiB are stored.
        Assert.InRange(_store.Reads - before, 5, 12);
    }

    [Fact]
    public async Task A_place_that_cannot_be_read_costs_the_chunk_in_it_and_not_its_neighbours()
    {
        var repository = await BackedUpAsync();
        _store.BadPlace = 100_000;

        var wrong = await WrongAsync(repository);

        // One for each pack.
        Assert.InRange(wrong.Count, 1, 2);
    }

    [Fact]
    public async Task A_store_that_is_near_is_read_chunk_by_chunk() =>
        Assert.Null((await _ground.OpenAsync(_store)).ReadAhead());

    private static byte[] Content(int n)
    {
        var bytes = new byte[(48 * 1024) + n];
        new Random(n).NextBytes(bytes.AsSpan(0, 32 * 1024));
        return bytes;
    }

    private async Task<ChunkRepository> BackedUpAsync()
    {
        var repository = await _ground.OpenAsync(_store, Far);
        await Ground.BackUpAsync(repository, "one", [.. Enumerable.Range(1, Files).Select(n => ($"file{n:000}", Content(n)))]);
        return repository;
    }

    /// <summary>The files that cannot be read, or are read wrongly.</summary>
    private static async Task<List<string>> WrongAsync(ChunkRepository repository)
    {
        using var manifest = await repository.OpenManifestAsync("one", default);
        using var ahead = repository.ReadAhead();
        Assert.NotNull(ahead);
        var wrong = new List<string>();
        await Parallel.ForEachAsync(manifest.Entries(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (entry, ct) =>
        {
            using var bytes = new MemoryStream();
            try
            {
                await using var content = repository.OpenFile(entry, ahead);
                await content.CopyToAsync(bytes, ct);
            }
            catch (RepositoryDamagedException)
            {
                bytes.SetLength(0);
            }

            if (!bytes.ToArray().AsSpan().SequenceEqual(Content(int.Parse(entry.Path.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture))))
            {
                lock (wrong)
                {
                    wrong.Add(entry.Path);
                }
            }
        });
        return wrong;
    }
}
