using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>How much of its owner's a database holds; members of extensions do not count.</summary>
/// <param name="Tables">Ordinary, partitioned and foreign ones.</param>
/// <param name="Others">Views, sequences, routines and types.</param>
public sealed record DatabaseContent(int Tables, int Others, DatabaseLocale Locale)
{
    public bool IsEmpty => Tables == 0 && Others == 0;

    /// <exception cref="PostgresFailedException">The database cannot be read.</exception>
    public static Task<DatabaseContent> ReadAsync(PostgresCluster cluster, DatabaseName database, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            database,
            $"look into database {database}",
            async session =>
            {
                var locale = (await session.ListAsync(SqlText.Of("inventory_database"), LocaleOf, cancellationToken))[0];
                return (await session.ListAsync(
                    SqlText.Of("database_content"), row => new DatabaseContent(row.GetInt32(0), row.GetInt32(1), locale), cancellationToken))[0];
            },
            cancellationToken);

    private static DatabaseLocale LocaleOf(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4));
}
