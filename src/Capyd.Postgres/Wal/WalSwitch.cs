using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>Ends a segment before it is full.</summary>
public static class WalSwitch
{
    /// <summary>Ends the current segment, so that it is archived now. An empty one stays.</summary>
    /// <returns>Where it ended.</returns>
    /// <exception cref="PostgresFailedException">The server does not answer, or is a standby.</exception>
    public static Task<Lsn> SwitchAsync(PostgresCluster cluster, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            "end the WAL segment",
            async connection => Lsn.Parse(await connection.ScalarAsync<string>("SELECT pg_catalog.pg_switch_wal()::text", cancellationToken) ?? ""),
            cancellationToken);
}
