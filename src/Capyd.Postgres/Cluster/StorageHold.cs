using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>
/// Makes a database read-only by default, for sessions to come: those that are open, and writes under way, go on. The mark
/// beside the setting tells our hold from a choice of the owner, and travels with the database through renames.
/// </summary>
public sealed class StorageHold(PostgresCluster cluster)
{
    internal const string Setting = "default_transaction_read_only";
    internal const string Mark = "capyd.storage_hold";

    /// <returns>False when the owner had made it read-only already, which is left as it is.</returns>
    public Task<bool> SetAsync(DatabaseName database, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"make database {database} read-only",
            async server =>
            {
                if (await HasAsync(server, database, Setting, cancellationToken))
                {
                    return await HasAsync(server, database, Mark, cancellationToken);
                }

                await BothAsync(server, $"ALTER DATABASE {database.Quoted} SET {Mark} TO 'on'", $"ALTER DATABASE {database.Quoted} SET {Setting} TO 'on'", cancellationToken);
                return true;
            },
            cancellationToken);

    public Task ReleaseAsync(DatabaseName database, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"make database {database} writable",
            server => BothAsync(server, $"ALTER DATABASE {database.Quoted} RESET {Setting}", $"ALTER DATABASE {database.Quoted} RESET {Mark}", cancellationToken),
            cancellationToken);

    /// <summary>The settings of a database without a hold: its copy is measured anew.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Without(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var all = settings.ToList();
        return all.Exists(static setting => setting.Key == Mark) ? all.Where(static setting => setting.Key is not (Setting or Mark)) : all;
    }

    private static Task<bool> HasAsync(NpgsqlConnection server, DatabaseName database, string name, CancellationToken cancellationToken) =>
        server.ScalarAsync<bool>(
            """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase,
                                       pg_catalog.unnest(s.setconfig) c
                           WHERE d.datname = $1 AND s.setrole = 0 AND pg_catalog.starts_with(c, $2 || '=')
                             AND pg_catalog.lower(pg_catalog.split_part(c, '=', 2)) IN ('on', 'true', 'yes', '1', 't', 'y'))
            """,
            cancellationToken,
            database.ToString(),
            name);

    private static async Task BothAsync(NpgsqlConnection server, string first, string second, CancellationToken cancellationToken)
    {
        await using var transaction = await server.BeginTransactionAsync(cancellationToken);
        await server.ExecuteAsync(first, cancellationToken);
        await server.ExecuteAsync(second, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
