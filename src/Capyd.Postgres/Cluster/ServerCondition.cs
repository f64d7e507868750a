namespace Capyd.Postgres.Cluster;

/// <summary>What of a server decides whether capyd can do its work there.</summary>
/// <param name="FreeSlots">Replication slots that can still be made.</param>
/// <param name="FreeSenders">Connections for replication that are not in use.</param>
/// <param name="SlotKeepMegabytes">max_slot_wal_keep_size; -1 is no limit.</param>
/// <param name="IdleSlots">Slots that nobody reads, with the bytes of WAL that each holds back.</param>
/// <param name="DataDirectory">e.g. /var/lib/postgresql/15/main</param>
/// <param name="DatabaseBytes">All databases together.</param>
public sealed record ServerCondition(
    bool IsSuperuser,
    int FreeSlots,
    int FreeSenders,
    long SlotKeepMegabytes,
    IReadOnlyDictionary<string, long> IdleSlots,
    string DataDirectory,
    long DatabaseBytes,
    DateTimeOffset Clock)
{
    private const string Query = """
        SELECT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
               current_setting('max_replication_slots')::int - (SELECT count(*)::int FROM pg_catalog.pg_replication_slots),
               current_setting('max_wal_senders')::int - (SELECT count(*)::int FROM pg_catalog.pg_stat_replication),
               (SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'max_slot_wal_keep_size'),
               current_setting('data_directory'),
               (SELECT sum(pg_catalog.pg_database_size(oid))::bigint FROM pg_catalog.pg_database),
               pg_catalog.clock_timestamp()
        """;

    private const string Idle = """
        SELECT slot_name::text,
               coalesce(pg_catalog.pg_wal_lsn_diff(
                   CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END,
                   restart_lsn), 0)::bigint
        FROM pg_catalog.pg_replication_slots WHERE NOT active ORDER BY 1
        """;

    /// <exception cref="PostgresFailedException">The server does not answer, or refuses capyd.</exception>
    public static Task<ServerCondition> ReadAsync(PostgresCluster cluster, CancellationToken cancellationToken) =>
        cluster.UseAsync(null, "look at the server's condition", async connection =>
        {
            var idle = await connection.ListAsync(Idle, static row => (Name: row.GetString(0), Bytes: row.GetInt64(1)), cancellationToken);
            var slots = idle.ToDictionary(static slot => slot.Name, static slot => slot.Bytes);
            return (await connection.ListAsync(
                Query,
                row => new ServerCondition(
                    row.GetBoolean(0), row.GetInt32(1), row.GetInt32(2), row.GetInt64(3), slots, row.GetString(4), row.GetInt64(5),
                    new DateTimeOffset(row.GetDateTime(6), TimeSpan.Zero)),
                cancellationToken))[0];
        }, cancellationToken);
}
