using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>What pg_database says of one database.</summary>
/// <param name="Invalid">A DROP DATABASE was interrupted; only dropping it again is possible.</param>
internal sealed record DatabaseState(string Owner, bool AllowsConnections, bool Invalid, bool IsTemplate, string? Marker)
{
    private const int InvalidLimit = -2;

    private const string Query = """
        SELECT pg_catalog.pg_get_userbyid(datdba)::text, datallowconn, datconnlimit, datistemplate,
               pg_catalog.shobj_description(oid, 'pg_database')
        FROM pg_catalog.pg_database WHERE datname = $1
        """;

    /// <returns>Null when there is no such database.</returns>
    public static async Task<DatabaseState?> ReadAsync(NpgsqlConnection connection, DatabaseName name, CancellationToken cancellationToken) =>
        (await connection.ListAsync(Query, Read, cancellationToken, name.ToString())).FirstOrDefault();

    private static DatabaseState Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetBoolean(1), row.GetInt32(2) == InvalidLimit, row.GetBoolean(3), row.IsDBNull(4) ? null : row.GetString(4));
}
