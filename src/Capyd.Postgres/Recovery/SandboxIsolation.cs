using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Recovery;

/// <summary>After the recovery of one database alone, the others are only names with empty files behind them.</summary>
public static class SandboxIsolation
{
    private const string Others = "SELECT datname::text FROM pg_catalog.pg_database WHERE datname NOT IN ($1, 'postgres', 'template0', 'template1')";

    /// <summary>A subscription would keep its database from being dropped; in a sandbox it never runs.</summary>
    private const string ForgetSubscriptions =
        "DELETE FROM pg_catalog.pg_subscription WHERE subdbid NOT IN (SELECT oid FROM pg_catalog.pg_database WHERE datname = $1)";

    /// <summary>Makes every database but one (and PostgreSQL's own) unreachable and drops it.</summary>
    /// <returns>Those that stayed, unreachable, because prepared transactions hold them.</returns>
    /// <exception cref="PostgresFailedException">The sandbox does not answer or refuses.</exception>
    public static Task<IReadOnlyList<string>> KeepOnlyAsync(PostgresCluster sandbox, DatabaseName keep, CancellationToken cancellationToken) =>
        sandbox.UseAsync(
            null,
            "drop the databases that were not recovered",
            async connection =>
            {
                var others = await connection.ListAsync(Others, static row => row.GetString(0), cancellationToken, keep.ToString());
                await connection.ExecuteAsync(ForgetSubscriptions, cancellationToken, keep.ToString());
                foreach (var name in others.Select(SqlIdentifier.Quote))
                {
                    await connection.ExecuteAsync($"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false IS_TEMPLATE false", cancellationToken);
                }

                return await DropAsync(connection, others, cancellationToken);
            },
            cancellationToken);

    /// <summary>Makes every database but one (and PostgreSQL's own) unreachable. Dropping them would cost a checkpoint each; this is for a
    /// sandbox that is thrown away in a moment.</summary>
    /// <exception cref="PostgresFailedException">The sandbox does not answer or refuses.</exception>
    public static Task CloseOthersAsync(PostgresCluster sandbox, DatabaseName keep, CancellationToken cancellationToken) => sandbox.UseAsync(
        null,
        "close the databases that were not recovered",
        connection => connection.ExecuteAsync(
            "UPDATE pg_catalog.pg_database SET datallowconn = false, datistemplate = false WHERE datname NOT IN ($1, 'postgres', 'template0', 'template1')",
            cancellationToken,
            keep.ToString()),
        cancellationToken);

    private static async Task<IReadOnlyList<string>> DropAsync(NpgsqlConnection connection, List<string> names, CancellationToken cancellationToken)
    {
        var stayed = new List<string>();
        foreach (var name in names)
        {
            try
            {
                await connection.ExecuteAsync($"DROP DATABASE {SqlIdentifier.Quote(name)} WITH (FORCE)", cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse)
            {
                stayed.Add(name);
            }
        }

        return stayed;
    }
}
