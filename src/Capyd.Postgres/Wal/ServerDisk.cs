using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>Where the server keeps its WAL, and how it lets go of it.</summary>
public static class ServerDisk
{
    /// <returns>The server's data directory.</returns>
    /// <exception cref="PostgresFailedException">The server does not answer.</exception>
    public static Task<string> DataDirectoryAsync(PostgresCluster cluster, CancellationToken cancellationToken) => cluster.UseAsync(
        null,
        "ask for the data directory",
        async connection => await connection.ScalarAsync<string>("SELECT pg_catalog.current_setting('data_directory')", cancellationToken) ?? "",
        cancellationToken);

    /// <summary>WAL that nothing needs any more is removed by a checkpoint, not before.</summary>
    /// <exception cref="PostgresFailedException">The server does not answer.</exception>
    public static Task CheckpointAsync(PostgresCluster cluster, CancellationToken cancellationToken) =>
        cluster.UseAsync(null, "make a checkpoint", connection => connection.ExecuteAsync("CHECKPOINT", cancellationToken), cancellationToken);
}
