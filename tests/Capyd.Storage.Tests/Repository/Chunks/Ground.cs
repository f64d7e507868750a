using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Storage.Tests.Repository.Chunks;

/// <summary>A repository in a directory of its own, with small chunks and packs.</summary>
internal sealed class Ground : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<ChunkRepository> _opened = [];

    public string Root => _directory["repository"];

    public string Catalogue => Path.Combine(_directory["cache"], "chunks.db");

    public ChunkRepositoryOptions Options => new(_directory["cache"]) { ChunkBytes = 16 * 1024, PackBytes = 64 * 1024, Parallelism = 3 };

    public string[] Packs => Files("packs");

    public string[] Manifests => Files("manifests");

    public DirectoryObjectStore Store => new(Root);

    public FaultyStore Faulty(int dieAt)
    {
        Directory.CreateDirectory(Root);
        return new FaultyStore(Store, Root, dieAt);
    }

    public async Task<ChunkRepository> OpenAsync(IObjectStore? store = null, ChunkRepositoryOptions? options = null)
    {
        var opened = await ChunkRepository.OpenAsync(store ?? Store, options ?? Options, TimeProvider.System, CancellationToken.None);
        _opened.Add(opened);
        return opened;
    }

    /// <summary>Half of it compresses; all of it depends on the seed only.</summary>
    public static byte[] Content(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes.AsSpan(0, length / 2));
        bytes.AsSpan(length / 2).Fill((byte)seed);
        return bytes;
    }

    public static async Task<BackupSummary> BackUpAsync(ChunkRepository repository, string name, params (string Path, byte[] Content)[] files)
    {
        await using var session = await repository.BeginBackupAsync(name, CancellationToken.None);
        foreach (var (path, content) in files)
        {
            var entry = new ManifestEntry(ManifestEntryKind.File, path, 0x180, content.Length, 1);
            await session.AddFileAsync(entry, new MemoryStream(content), null, CancellationToken.None);
        }

        return await session.CommitAsync($"about {name}", CancellationToken.None);
    }

    public static async Task<byte[]> ReadAsync(ChunkRepository repository, string backup, string path)
    {
        using var manifest = await repository.OpenManifestAsync(backup, CancellationToken.None);
        await using var content = repository.OpenFile(manifest.Find(path)!);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public void Dispose()
    {
        _opened.ForEach(static repository => repository.Dispose());
        _directory.Dispose();
    }

    private string[] Files(string folder)
    {
        var below = Path.Combine(Root, "base", folder);
        return Directory.Exists(below)
            ? [.. Directory.EnumerateFiles(below, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith(".tmp-", StringComparison.Ordinal)).Order()]
            : [];
    }
}
