using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Recovery;

/// <summary>Finds a database after replay.</summary>
public static class SandboxDatabase
{
    /// <summary>Lets sessions into it, too: the moment may be one at which nobody was let in.</summary>
    /// <returns>Its object id; null when there is none of that name.</returns>
    public static Task<uint?> FindAsync(PostgresCluster sandbox, DatabaseName name, CancellationToken cancellationToken) => sandbox.UseAsync(
        null,
        $"look for database {name} after replay",
        async session =>
        {
            var found = await session.ListAsync(
                "SELECT oid::pg_catalog.int8 FROM pg_catalog.pg_database WHERE datname = $1 AND datconnlimit <> -2", static row => row.GetInt64(0), cancellationToken, name.ToString());
            if (found is not [var oid])
            {
                return (uint?)null;
            }

            await session.ExecuteAsync($"ALTER DATABASE {name.Quoted} WITH ALLOW_CONNECTIONS true CONNECTION LIMIT -1", cancellationToken);
            return (uint)oid;
        },
        cancellationToken);

    /// <summary>The next transaction id; asked before anything is changed, it tells what was replayed from what the sandbox did itself.</summary>
    public static Task<long> NextTransactionAsync(PostgresCluster sandbox, CancellationToken cancellationToken) => sandbox.UseAsync(
        null,
        "read the next transaction id",
        session => session.ScalarAsync<long>(
            "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::pg_catalog.text::pg_catalog.int8", cancellationToken),
        cancellationToken);
}
