using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>What every segment of one archive has in common. After initdb or pg_upgrade it is another one, and needs another archive.</summary>
/// <param name="Major">PostgreSQL's major version, 13 to 18.</param>
public sealed record WalLineage(SystemIdentifier System, int Major, WalSegmentSize SegmentSize)
{
    /// <summary>Reads it from the beginning of any segment.</summary>
    /// <returns>Null when the file does not begin as a segment does.</returns>
    public static async Task<WalLineage?> OfSegmentAsync(Stream content, CancellationToken cancellationToken)
    {
        var page = new byte[WalPageHeader.PageSize];
        var read = await content.ReadAtLeastAsync(page, page.Length, throwOnEndOfStream: false, cancellationToken);
        return read == page.Length ? new WalPageHeader(page).Lineage() : null;
    }

    /// <summary>Asks the server.</summary>
    /// <exception cref="PostgresFailedException">The server does not answer.</exception>
    public static Task<WalLineage> ReadAsync(PostgresCluster cluster, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            "read the server's system identifier and WAL segment size",
            async connection => (await connection.ListAsync(
                """
                SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
                       current_setting('server_version_num')::int / 10000,
                       (SELECT bytes_per_wal_segment FROM pg_catalog.pg_control_init())
                """,
                static row => new WalLineage(SystemIdentifier.Parse(row.GetString(0)), row.GetInt32(1), new WalSegmentSize(row.GetInt32(2))),
                cancellationToken))[0],
            cancellationToken);
}
