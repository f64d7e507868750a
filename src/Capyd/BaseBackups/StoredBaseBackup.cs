using Capyd.Postgres.BaseBackups;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.BaseBackups;

/// <summary>A base backup in the repository. No garbage is collected while it is open.</summary>
internal sealed class StoredBaseBackup(ChunkRepository repository, ManifestReader manifest) : IBaseBackupContents, IDisposable
{
    private readonly ChunkReadAhead? _ahead = repository.ReadAhead();

    public BaseBackupFacts Facts { get; } = BaseBackupFacts.Of(manifest.Header);

    public ManifestHeader Header => manifest.Header;

    /// <summary>Safe for several threads, as is <see cref="Find"/>.</summary>
    public IEnumerable<BaseBackupMember> Members => manifest.Entries().Select(StoredMember.Of);

    public ManifestEntry? Find(string path) => manifest.Find(path);

    public Task<Stream> OpenAsync(BaseBackupMember file, CancellationToken cancellationToken) => Find(file.Path) is { } entry
        ? Task.FromResult(repository.OpenFile(entry, _ahead))
        : Task.FromException<Stream>(new RepositoryDamagedException($"The base backup {Header.Name} holds no {file.Path}."));

    public void Dispose()
    {
        _ahead?.Dispose();
        manifest.Dispose();
    }
}
