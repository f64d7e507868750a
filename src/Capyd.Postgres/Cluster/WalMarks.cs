namespace Capyd.Postgres.Cluster;

/// <summary>Writes names into the WAL, at which a recovery can stop exactly.</summary>
public sealed class WalMarks(PostgresCluster cluster)
{
    /// <summary>A restore point alone is not flushed; the commit of a transaction that has a number is, and the point before it.</summary>
    private const string Statement = """
        SELECT pg_catalog.pg_create_restore_point($1)::text, pg_catalog.clock_timestamp(),
               pg_catalog.pg_current_xact_id()::text, pg_catalog.set_config('synchronous_commit', 'local', true)
        """;

    /// <summary>Durable when the task completes.</summary>
    /// <param name="name">At most 63 bytes; the server does not ask that it be unique.</param>
    /// <exception cref="PostgresFailedException">Refused; SQLSTATE 55000 when wal_level is minimal.</exception>
    public Task<WalMark> WriteAsync(string name, CancellationToken cancellationToken) => cluster.UseAsync(
        null,
        $"write restore point {name} into the WAL",
        async session => (await session.ListAsync(
            Statement,
            row => new WalMark(name, Lsn.Parse(row.GetString(0)), new DateTimeOffset(row.GetDateTime(1), TimeSpan.Zero)),
            cancellationToken,
            name)).Single(),
        cancellationToken);
}
