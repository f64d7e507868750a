using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>Whether the server lets capyd replicate at all; pg_hba.conf has lines of its own for that.</summary>
public static class ReplicationAccess
{
    /// <summary>Logs in once. To be asked before a slot is made: a slot that nobody can stream through fills the server's disk.</summary>
    /// <returns>Null when all is well.</returns>
    /// <exception cref="PostgresFailedException">The server is not there.</exception>
    public static async Task<WalPrerequisite?> CheckAsync(PostgresCluster cluster, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await BackupConnection.OpenAsync(cluster.Endpoint, cluster.ApplicationName, cancellationToken);
            return null;
        }
        catch (BaseBackupFailedException e) when (e.Kind != BaseBackupFailure.Refused)
        {
            throw new PostgresFailedException(e.Message, null, e.Retry, e);
        }
        catch (BaseBackupFailedException)
        {
            return new WalPrerequisite(
                "pg_hba.conf", "", "pg_hba.conf does not let capyd replicate over the socket.",
                $"Put \"local replication {cluster.Endpoint.AdminRole} peer\" into pg_hba.conf (with the map that capyd's other line has); then reload PostgreSQL.");
        }
    }
}
