using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Wal;

/// <summary>Makes everything that was committed until now durable in the server's log, by a small transaction after it.</summary>
public static class WalFlush
{
    /// <summary>PostgreSQL flushes no commit of a transaction that has written nothing else, and the log with it only a moment later.</summary>
    private const string Written = "SELECT pg_catalog.pg_logical_emit_message(true, 'capyd', '')::text || pg_catalog.set_config('synchronous_commit', 'local', true)";

    /// <returns>Before: whoever has read a commit that is later has read every commit that was made before the call. Flushed: whoever
    /// has the log up to here has that later commit, too.</returns>
    /// <exception cref="PostgresFailedException">The server does not answer, or is a standby.</exception>
    public static Task<(Lsn Before, Lsn Flushed)> RunAsync(PostgresCluster cluster, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            "flush the server's log",
            async connection =>
            {
                var before = await LsnAsync(connection, "pg_catalog.pg_current_wal_insert_lsn()", cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await connection.ScalarAsync<string>(Written, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return (before, await LsnAsync(connection, "pg_catalog.pg_current_wal_flush_lsn()", cancellationToken));
            },
            cancellationToken);

    private static async Task<Lsn> LsnAsync(NpgsqlConnection connection, string function, CancellationToken cancellationToken) =>
        Lsn.Parse((await connection.ScalarAsync<string>($"SELECT {function}::text", cancellationToken))!);
}
