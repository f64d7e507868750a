using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>Finds what PostgreSQL will not let a database be moved or dropped with, and names the way out.</summary>
internal static class DatabaseBlockers
{
    private const string PreparedTransactions = """
        SELECT pg_catalog.format('prepared transaction %L (COMMIT PREPARED or ROLLBACK PREPARED it)', gid)
        FROM pg_catalog.pg_prepared_xacts WHERE database = $1
        """;

    private const string Replication = """
        SELECT pg_catalog.format('logical replication slot %s (SELECT pg_drop_replication_slot(%L))', slot_name, slot_name)
        FROM pg_catalog.pg_replication_slots WHERE database = $1
        UNION ALL
        SELECT pg_catalog.format('subscription %I (DROP SUBSCRIPTION it in that database)', subname)
        FROM pg_catalog.pg_subscription JOIN pg_catalog.pg_database d ON d.oid = subdbid WHERE d.datname = $1
        """;

    public static Task RefuseRenameAsync(NpgsqlConnection server, DatabaseName database, CancellationToken cancellationToken) =>
        RefuseAsync(server, database, PreparedTransactions, cancellationToken);

    public static Task RefuseDropAsync(NpgsqlConnection server, DatabaseName database, CancellationToken cancellationToken) =>
        RefuseAsync(server, database, $"{PreparedTransactions} UNION ALL {Replication}", cancellationToken);

    private static async Task RefuseAsync(NpgsqlConnection server, DatabaseName database, string query, CancellationToken cancellationToken)
    {
        var found = await server.ListAsync(query, static row => row.GetString(0), cancellationToken, database.ToString());
        if (found.Count > 0)
        {
            throw new PostgresFailedException(
                $"Database {database} is held by: {string.Join("; ", found)}.", PostgresErrorCodes.ObjectInUse, RetryClass.Permanent);
        }
    }
}
