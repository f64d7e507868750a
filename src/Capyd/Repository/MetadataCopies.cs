using Capyd.Cluster;
using Capyd.Postgres.Cluster;

namespace Capyd.Repository;

/// <summary>This server's copies of the metadata. Another server that uses the same repository has its own, which are left alone.</summary>
internal sealed class MetadataCopies(MetadataDatabase metadata, MetadataSnapshotStore store, DataDirectory directories, PostgresServer server)
{
    private const int NewestKept = 24;
    private const int DaysKept = 31;

    /// <summary>Null until the server has answered for the first time: whose copies they would be is not known then.</summary>
    public SystemIdentifier? System => server.Facts is { } facts ? SystemIdentifier.Parse(facts.SystemIdentifier) : null;

    public async Task<MetadataSnapshot?> NewestAsync(SystemIdentifier system, CancellationToken cancellation) =>
        (await store.ListAsync(system, cancellation)).LastOrDefault();

    public async Task<MetadataSnapshot> TakeAsync(SystemIdentifier system, DateTimeOffset at, CancellationToken cancellation)
    {
        var file = Path.Combine(directories.Staging, $"metadata-{Guid.NewGuid():N}.db");
        try
        {
            metadata.BackupTo(file);
            FaultPoint.Reach("metadata.after_copy");
            var snapshot = await store.WriteAsync(file, system, at, cancellation);
            FaultPoint.Reach("metadata.after_write");
            return snapshot;
        }
        finally
        {
            File.Delete(file);
        }
    }

    public async Task PruneAsync(SystemIdentifier system, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var surplus in MetadataSnapshot.Surplus(await store.ListAsync(system, cancellation), now, NewestKept, DaysKept))
        {
            await store.DeleteAsync(surplus, cancellation);
        }
    }
}
