using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Checks;

/// <summary>
/// Compares a database of a recovered server with the inventory that a dump's snapshot saw, when it was recovered to the moment of
/// that snapshot. Whether both show the same transactions is read from the recovered commit log, so that a difference is one.
/// </summary>
public sealed class SnapshotProof(PostgresCluster recovered)
{
    /// <summary>Recovered, but not seen by the snapshot: in progress when it was taken, or begun after it.</summary>
    private const string CommittedSince = """
        SELECT pg_catalog.count(*) FROM (
          SELECT pg_catalog.pg_snapshot_xip(@snapshot::pg_catalog.pg_snapshot) AS id
          UNION ALL
          SELECT n::pg_catalog.text::pg_catalog.xid8 FROM pg_catalog.generate_series(
            pg_catalog.pg_snapshot_xmax(@snapshot::pg_catalog.pg_snapshot)::pg_catalog.text::pg_catalog.int8, @recovered) AS n) AS unseen
        WHERE CASE WHEN id::pg_catalog.text::pg_catalog.int8 <= @recovered THEN pg_catalog.pg_xact_status(id) = 'committed' ELSE false END
        """;

    /// <summary>More transactions than this after the snapshot are no race but another moment.</summary>
    private const long MostSince = 10_000;

    /// <param name="nextTransaction">The next transaction id when the recovery had just ended: what has a greater one is the sandbox's own.</param>
    /// <returns>Null when the recovered state is that of the snapshot; else how it is not.</returns>
    public Task<string?> ObstacleAsync(InventorySnapshot snapshot, long nextTransaction, CancellationToken cancellationToken) =>
        recovered.UseAsync(null, "compare transactions", async connection =>
        {
            var xmax = long.Parse(snapshot.Transactions.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
            if (nextTransaction - xmax > MostSince)
            {
                return "it is of another moment";
            }

            await using var command = new NpgsqlCommand(CommittedSince, connection);
            command.Parameters.AddWithValue("snapshot", NpgsqlTypes.NpgsqlDbType.Text, snapshot.Transactions);
            command.Parameters.AddWithValue("recovered", nextTransaction - 1);
            var since = (long)(await command.ExecuteScalarAsync(cancellationToken) ?? 0L);
            return since == 0 ? null : $"{since} transactions of the server ended at that very instant";
        }, cancellationToken);

    /// <summary>Sequences may be ahead after a recovery, and unlogged tables are empty; neither is a difference.</summary>
    public async Task<IReadOnlyList<InventoryDifference>> CompareAsync(
        Inventory expected, DatabaseName database, string applicationName, CancellationToken cancellationToken)
    {
        var actual = await new InventoryReader(recovered).ReadLikeAsync(expected, LoadedRows.None, database, applicationName, null, cancellationToken);
        return InventoryComparison.Compare(Durable(expected), Durable(actual));
    }

    private static Inventory Durable(Inventory inventory) =>
        inventory with { Sequences = [], Relations = [.. inventory.Relations.Where(static relation => relation.Persistence != "unlogged")] };
}
