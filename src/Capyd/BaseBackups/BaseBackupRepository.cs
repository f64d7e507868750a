using Capyd.Storage.BaseBackups;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.BaseBackups;

/// <summary>The one repository of chunks of this process, opened when it is first wanted.</summary>
internal sealed class BaseBackupRepository(IObjectStore store, DataDirectory directories, CapydOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private ChunkRepository? _repository;

    public ChunkRepositoryOptions Options { get; } = new(directories.ChunkCache) { IsFar = options.S3.IsOn };

    public async Task<ChunkRepository> OpenAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _repository) is { } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellation);
        try
        {
            return _repository ??= await ChunkRepository.OpenAsync(store, Options, clock, cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Opens a backup for reading; while garbage is collected this waits.</summary>
    /// <exception cref="ObjectMissingException">Its manifest is gone.</exception>
    /// <exception cref="RepositoryDamagedException">Its manifest is damaged.</exception>
    public Task<StoredBaseBackup> OpenBackupAsync(BaseBackupRow row, CancellationToken cancellation) => OpenBackupAsync(row.Name, cancellation);

    /// <param name="name">Of its manifest.</param>
    /// <inheritdoc cref="OpenBackupAsync(BaseBackupRow, CancellationToken)"/>
    public async Task<StoredBaseBackup> OpenBackupAsync(string name, CancellationToken cancellation)
    {
        var repository = await OpenAsync(cancellation);
        var manifest = await WhenFreeAsync(() => repository.OpenManifestAsync(name, cancellation), cancellation);
        try
        {
            return new StoredBaseBackup(repository, manifest);
        }
        catch
        {
            manifest.Dispose();
            throw;
        }
    }

    /// <summary>The same; null when there is no such backup.</summary>
    public async Task<StoredBaseBackup?> FindBackupAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await OpenBackupAsync(name, cancellation);
        }
        catch (ObjectMissingException)
        {
            return null;
        }
    }

    /// <summary>Begins to write a backup; while another or a collection of garbage is under way this waits.</summary>
    public async Task<BackupSession> BeginAsync(string name, CancellationToken cancellation)
    {
        var repository = await OpenAsync(cancellation);
        return await WhenFreeAsync(() => repository.BeginBackupAsync(name, cancellation), cancellation);
    }

    public void Dispose()
    {
        _repository?.Dispose();
        _opening.Dispose();
    }

    // The lock may be another process's, which tells nobody when it ends.
    private async Task<T> WhenFreeAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (RepositoryBusyException)
            {
                await Task.Delay(BetweenTries, clock, cancellation);
            }
        }
    }
}
