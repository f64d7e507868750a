using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>Reads <see cref="ServerFacts"/>.</summary>
internal static class ServerProbe
{
    private const string Query = """
        SELECT current_setting('server_version_num')::int, current_setting('server_version'),
               (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
               pg_catalog.pg_postmaster_start_time(), pg_catalog.pg_is_in_recovery(),
               current_setting('max_connections')::int, current_setting('ssl')::bool
        """;

    public static async Task<ServerFacts> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.ListAsync(Query, Read, cancellationToken))[0];

    private static ServerFacts Read(NpgsqlDataReader row)
    {
        var number = row.GetInt32(0);
        return new ServerFacts(
            number,
            row.GetString(1),
            number / 10000,
            row.GetString(2),
            new DateTimeOffset(row.GetDateTime(3), TimeSpan.Zero),
            row.GetBoolean(4),
            row.GetInt32(5),
            row.GetBoolean(6));
    }
}
