using Capyd.Postgres.BaseBackups;

namespace Capyd.Postgres.Cluster;

/// <summary>Tablespaces besides the data directory itself.</summary>
public static class Tablespaces
{
    private const string All = """
        SELECT oid::pg_catalog.int8, pg_catalog.pg_tablespace_location(oid) FROM pg_catalog.pg_tablespace
        WHERE pg_catalog.pg_tablespace_location(oid) <> '' ORDER BY oid
        """;

    /// <exception cref="PostgresFailedException">The server does not answer.</exception>
    public static async Task<IReadOnlyList<BaseBackupTablespace>> ListAsync(PostgresCluster cluster, CancellationToken cancellationToken) =>
        await cluster.UseAsync(
            null,
            "list the tablespaces",
            session => session.ListAsync(All, static row => new BaseBackupTablespace((uint)row.GetInt64(0), row.GetString(1)), cancellationToken),
            cancellationToken);
}
