using System.Text;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>What capyd writes into the log on purpose.</summary>
public static class WalMarks
{
    private const int LongestName = 63;

    /// <summary>Names this moment; recovery to the name stops exactly here.</summary>
    /// <param name="name">1 to 63 bytes. The server takes the same one twice, and recovery stops at the first: use unique ones.</param>
    /// <returns>The end of the record that was written. Not yet on disk: it is when the segment or a commit after it is.</returns>
    /// <exception cref="FormatException">The name is empty or too long.</exception>
    /// <exception cref="PostgresFailedException">The server does not answer, or is a standby.</exception>
    public static Task<Lsn> CreateRestorePointAsync(PostgresCluster cluster, string name, CancellationToken cancellationToken) =>
        name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= LongestName
            ? AskAsync(cluster, "create a restore point", "SELECT pg_catalog.pg_create_restore_point($1)::text", cancellationToken, name)
            : throw new FormatException($"\"{name}\" is no name of a restore point: it takes 1 to {LongestName} bytes.");

    /// <summary>Ends the current segment, so that it is archived now. An empty one stays.</summary>
    /// <returns>Where it ended.</returns>
    public static Task<Lsn> SwitchAsync(PostgresCluster cluster, CancellationToken cancellationToken) =>
        AskAsync(cluster, "end the WAL segment", "SELECT pg_catalog.pg_switch_wal()::text", cancellationToken);

    private static Task<Lsn> AskAsync(
        PostgresCluster cluster, string doing, string sql, CancellationToken cancellationToken, params object[] values) =>
        cluster.UseAsync(
            null,
            doing,
            async connection => Lsn.Parse(await connection.ScalarAsync<string>(sql, cancellationToken, values) ?? ""),
            cancellationToken);
}
