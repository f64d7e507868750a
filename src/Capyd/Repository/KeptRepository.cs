using Capyd.BaseBackups;
using Capyd.OffHost;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Chunks;
using Capyd.Wal;

namespace Capyd.Repository;

/// <summary>A repository as it says of itself what is in it: no metadata, no daemon, no server.</summary>
internal sealed class KeptRepository : IDisposable
{
    private readonly OpenedRepository _opened;

    private KeptRepository(OpenedRepository opened, ChunkRepository chunks, IReadOnlyList<KeptBackup> backups, IReadOnlyList<string> unreadable)
    {
        _opened = opened;
        Chunks = chunks;
        Wal = new WalRepository(opened.Store);
        Snapshots = new MetadataSnapshotStore(opened.Store);
        Backups = backups;
        Unreadable = unreadable;
    }

    public IObjectStore Objects => _opened.Store;

    public ChunkRepository Chunks { get; }

    public WalRepository Wal { get; }

    public MetadataSnapshotStore Snapshots { get; }

    /// <summary>The base backups, oldest first.</summary>
    public IReadOnlyList<KeptBackup> Backups { get; }

    /// <summary>What is wrong with those that cannot be read.</summary>
    public IReadOnlyList<string> Unreadable { get; }

    /// <param name="cache">For what the repository's catalogue needs on a local disk.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory: a repository is never made here.</exception>
    /// <exception cref="Storage.Repository.Sealing.RepositoryKeyException">The key does not fit the repository, or is missing.</exception>
    public static async Task<KeptRepository> OpenAsync(RepositoryOpener opener, string cache, TimeProvider clock, CancellationToken cancellation)
    {
        var opened = await opener.OpenKeptAsync(cancellation);
        ChunkRepository? chunks = null;
        try
        {
            chunks = await ChunkRepository.OpenAsync(opened.Store, new ChunkRepositoryOptions(cache) { IsFar = opener.IsFar }, clock, cancellation);
            return await ReadAsync(opened, chunks, cancellation);
        }
        catch
        {
            chunks?.Dispose();
            opened.Dispose();
            throw;
        }
    }

    private static async Task<KeptRepository> ReadAsync(OpenedRepository opened, ChunkRepository chunks, CancellationToken cancellation)
    {
        var listing = await chunks.ListAsync(cancellation);
        var (backups, unreadable) = (new List<KeptBackup>(), listing.Damaged.ToList());
        foreach (var header in listing.Backups)
        {
            try
            {
                backups.Add(new KeptBackup(header, BaseBackupFacts.Of(header)));
            }
            catch (RepositoryDamagedException e)
            {
                unreadable.Add(e.Message);
            }
        }

        return new KeptRepository(opened, chunks, [.. backups.OrderBy(backup => backup.Facts.StopAt)], unreadable);
    }

    /// <summary>The servers of which base backups or WAL are kept, the one with the newest base backup last.</summary>
    public async Task<IReadOnlyList<WalLineage>> LineagesAsync(CancellationToken cancellation)
    {
        var ofBackups = Backups.Select(backup => new WalLineage(backup.System, backup.Major, new WalSegmentSize(backup.Facts.WalSegmentBytes)));
        return [.. (await Wal.LineagesAsync(cancellation)).Concat(ofBackups).Reverse().DistinctBy(lineage => lineage.System).Reverse()];
    }

    public IReadOnlyList<KeptBackup> BackupsOf(SystemIdentifier system) => [.. Backups.Where(backup => backup.System == system)];

    public void Dispose()
    {
        Chunks.Dispose();
        _opened.Dispose();
    }
}
