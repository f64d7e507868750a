using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Catalog;

/// <summary>Reads <see cref="DatabaseActivity"/>; sessions and statements of capyd itself are left out.</summary>
public sealed class ActivityReader(PostgresCluster cluster)
{
    private const string Running = """
        SELECT a.pid, coalesce(a.usename::text, ''), a.state, pg_catalog.left(coalesce(a.query, ''), 1000),
               greatest(0, (extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(a.query_start, a.backend_start)) * 1000)::int8), a.wait_event, a.wait_event_type
        FROM pg_catalog.pg_stat_activity a
        WHERE a.datname = pg_catalog.current_database() AND a.backend_type = 'client backend' AND a.usename <> session_user AND a.state <> 'idle'
        ORDER BY 5 DESC LIMIT 100
        """;

    private const string Totals = """
        SELECT pg_catalog.pg_database_size(pg_catalog.current_database()),
               (SELECT count(*)::int FROM pg_catalog.pg_stat_activity a
                WHERE a.datname = pg_catalog.current_database() AND a.backend_type = 'client backend' AND a.usename <> session_user)
        """;

    /// <summary>The view by its extension: a tenant may have made one of the same name elsewhere.</summary>
    private const string StatisticsView = """
        SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
        FROM pg_catalog.pg_extension e
        JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid AND d.deptype = 'e'
             AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relname = 'pg_stat_statements'
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE e.extname = 'pg_stat_statements'
          AND 'pg_stat_statements' = ANY (pg_catalog.regexp_split_to_array(pg_catalog.current_setting('shared_preload_libraries'), '[",[:space:]]+'))
        """;

    public Task<DatabaseActivity> ReadAsync(DatabaseName database, CancellationToken cancellationToken) =>
        cluster.UseAsync(database, $"look at what goes on in database {database}", session => ReadAsync(session, cancellationToken), cancellationToken);

    private static async Task<DatabaseActivity> ReadAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("SET statement_timeout = '15s'", cancellationToken);
        var (size, connections) = (await session.ListAsync(Totals, static row => (row.GetInt64(0), row.GetInt32(1)), cancellationToken))[0];
        var running = await session.ListAsync(Running, ReadRunning, cancellationToken);
        var view = await session.ScalarAsync<string>(StatisticsView, cancellationToken);
        var slow = view is null ? [] : await session.ListAsync(Slow(view), ReadSlow, cancellationToken);
        return new DatabaseActivity(size, connections, running, view is not null, slow);
    }

    private static string Slow(string view) => $"""
        SELECT pg_catalog.left(s.query, 1000), s.queryid::text, s.calls, s.rows, s.mean_exec_time, s.total_exec_time,
               s.shared_blks_hit, s.shared_blks_read, s.temp_blks_read, s.temp_blks_written
        FROM {view} s JOIN pg_catalog.pg_roles r ON r.oid = s.userid
        WHERE s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
          AND r.rolname <> session_user AND s.query IS NOT NULL AND s.queryid IS NOT NULL
        ORDER BY s.total_exec_time DESC LIMIT 20
        """;

    private static RunningQuery ReadRunning(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6));

    private static SlowQuery ReadSlow(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetDouble(4), row.GetDouble(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9));
}
