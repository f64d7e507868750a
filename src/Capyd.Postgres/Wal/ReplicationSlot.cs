using System.Text.RegularExpressions;
using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Wal;

/// <summary>The permanent physical slot that makes the server keep WAL until capyd has it.</summary>
public sealed partial class ReplicationSlot
{
    private const string StateQuery = """
        SELECT s.restart_lsn::text, s.wal_status = 'lost' OR (s.restart_lsn IS NULL AND s.wal_status IS NOT NULL), s.active_pid,
               r.flush_lsn::text, r.write_lsn::text, r.sync_state <> 'async',
               (CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_receive_lsn() ELSE pg_catalog.pg_current_wal_flush_lsn() END)::text,
               s.safe_wal_size
        FROM pg_catalog.pg_replication_slots s LEFT JOIN pg_catalog.pg_stat_replication r ON r.pid = s.active_pid
        WHERE s.slot_name = $1 AND s.slot_type = 'physical'
        """;

    private readonly PostgresCluster _cluster;

    /// <exception cref="FormatException">A slot's name has 1 to 63 lower-case letters, digits and underscores.</exception>
    public ReplicationSlot(PostgresCluster cluster, string name)
    {
        Name = Shape().IsMatch(name)
            ? name
            : throw new FormatException($"\"{name}\" is no slot name: 1 to 63 lower-case letters, digits and underscores.");
        _cluster = cluster;
    }

    public string Name { get; }

    /// <returns>Null when the server has no such slot.</returns>
    /// <exception cref="PostgresFailedException">The server does not answer.</exception>
    public Task<SlotState?> ReadAsync(CancellationToken cancellationToken) =>
        _cluster.UseAsync(
            null,
            $"read the replication slot {Name}",
            async connection => (await connection.ListAsync(StateQuery, Read, cancellationToken, Name)).SingleOrDefault(),
            cancellationToken);

    /// <summary>Makes the slot, and the server keep WAL from its last checkpoint on. Call it when <see cref="ReadAsync"/> found none.</summary>
    /// <exception cref="PostgresFailedException">All of max_replication_slots are taken, or the name is.</exception>
    public Task CreateAsync(CancellationToken cancellationToken) =>
        _cluster.UseAsync(
            null,
            $"create the replication slot {Name}",
            connection => connection.ExecuteAsync(
                "SELECT pg_catalog.pg_create_physical_replication_slot($1, immediately_reserve => true)", cancellationToken, Name),
            cancellationToken);

    /// <summary>Lets the server remove WAL that capyd does not have; ends whoever streams through the slot. Nothing when there is none.</summary>
    /// <exception cref="PostgresFailedException">Somebody took the slot again at once; end that receiver first.</exception>
    public Task DropAsync(CancellationToken cancellationToken) =>
        _cluster.UseAsync(
            null,
            $"drop the replication slot {Name}",
            async connection =>
            {
                await connection.ExecuteAsync(
                    """
                    SELECT pg_catalog.pg_terminate_backend(active_pid, 10000)
                    FROM pg_catalog.pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL
                    """,
                    cancellationToken,
                    Name);
                return await connection.ExecuteAsync(
                    "SELECT pg_catalog.pg_drop_replication_slot(slot_name) FROM pg_catalog.pg_replication_slots WHERE slot_name = $1",
                    cancellationToken,
                    Name);
            },
            cancellationToken);

    private static SlotState Read(NpgsqlDataReader row) => new(
        Position(row, 0),
        !row.IsDBNull(1) && row.GetBoolean(1),
        row.IsDBNull(2) ? null : row.GetInt32(2),
        Position(row, 3),
        Position(row, 6) ?? default,
        row.IsDBNull(7) ? null : row.GetInt64(7))
    {
        WrittenLsn = Position(row, 4), IsAwaited = !row.IsDBNull(5) && row.GetBoolean(5),
    };

    private static Lsn? Position(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : Lsn.Parse(row.GetString(column));

    [GeneratedRegex(@"\A[a-z0-9_]{1,63}\z")]
    private static partial Regex Shape();
}
