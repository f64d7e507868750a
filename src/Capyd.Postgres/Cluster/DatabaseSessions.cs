using System.Globalization;
using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>Closes databases to new sessions and ends the old ones.</summary>
internal static class DatabaseSessions
{
    private const int Rounds = 300;
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(50);

    public static Task AllowAsync(NpgsqlConnection connection, DatabaseName database, bool allow, CancellationToken cancellationToken) =>
        connection.ExecuteAsync($"ALTER DATABASE {database.Quoted} ALLOW_CONNECTIONS {(allow ? "true" : "false")}", cancellationToken);

    /// <summary>Lets nobody in any more and returns when nobody is in.</summary>
    public static async Task EvictAsync(NpgsqlConnection connection, DatabaseName database, CancellationToken cancellationToken)
    {
        await AllowAsync(connection, database, false, cancellationToken);
        long left = 0;
        for (var round = 0; round < Rounds; round++)
        {
            left = await TerminateAsync(connection, "datname = $1", database.ToString(), cancellationToken);
            if (left == 0)
            {
                return;
            }

            await Task.Delay(BetweenRounds, cancellationToken);
        }

        throw new PostgresFailedException(
            string.Create(CultureInfo.InvariantCulture, $"{left} sessions of database {database} did not end within {Rounds * BetweenRounds}."),
            PostgresErrorCodes.ObjectInUse,
            RetryClass.Transient);
    }

    /// <returns>How many sessions were told to end.</returns>
    public static Task<long> TerminateAsync(
        NpgsqlConnection connection, string condition, string value, CancellationToken cancellationToken) =>
        connection.ScalarAsync<long>(
            $"""
            SELECT count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity
            WHERE {condition} AND pid <> pg_catalog.pg_backend_pid() AND backend_type NOT LIKE 'autovacuum%'
            """,
            cancellationToken,
            value);
}
