using System.Globalization;

namespace Capyd.Postgres.Cluster;

/// <summary>Makes, changes, exchanges and drops databases. Every method throws <see cref="PostgresFailedException"/> on failure
/// and may be repeated after one.</summary>
public sealed class DatabaseAdmin(PostgresCluster cluster)
{
    /// <summary>Creates the database, closed to everybody but its owner. Refuses one with another marker.</summary>
    public Task ProvisionAsync(DatabaseSpec spec, CancellationToken cancellationToken) =>
        new DatabaseProvisioning(cluster, spec).RunAsync(cancellationToken);

    /// <returns>The extensions that were created; those the server does not offer are left out.</returns>
    public Task<IReadOnlyList<string>> EnsureExtensionsAsync(
        DatabaseName database, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        new DatabaseExtensions(cluster, database).EnsureAsync(names, cancellationToken);

    public Task<bool> ExistsAsync(DatabaseName database, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"look for database {database}",
            async server => await DatabaseState.ReadAsync(server, database, cancellationToken) is not null,
            cancellationToken);

    /// <summary>The databases whose names begin with the prefix, sorted.</summary>
    public async Task<IReadOnlyList<MarkedDatabase>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        await cluster.UseAsync(
            null,
            "list databases",
            server => server.ListAsync(
                """
                SELECT datname::text, pg_catalog.shobj_description(oid, 'pg_database')
                FROM pg_catalog.pg_database WHERE pg_catalog.starts_with(datname::text, $1) ORDER BY 1
                """,
                static row => new MarkedDatabase(DatabaseName.Parse(row.GetString(0)), row.IsDBNull(1) ? null : row.GetString(1)),
                cancellationToken,
                prefix),
            cancellationToken);

    /// <summary>Bytes on disk.</summary>
    public Task<long> SizeAsync(DatabaseName database, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"measure database {database}",
            server => server.ScalarAsync<long>("SELECT pg_catalog.pg_database_size($1::name)", cancellationToken, database.ToString()),
            cancellationToken);

    /// <summary>Gives a database what another one had around its contents.</summary>
    /// <returns>Settings of roles that this server does not have; these were left out.</returns>
    public async Task<IReadOnlyList<DatabaseSetting>> CopyDatabaseLevelAsync(DatabaseProperties properties, CancellationToken cancellationToken)
    {
        var held = properties.Settings.Any(static setting => setting is { Role: null, Name: StorageHold.Mark });
        var settings = properties.Settings.Where(setting => !held || setting.Role is not null || setting.Name is not (StorageHold.Setting or StorageHold.Mark));
        var left = await ApplyAsync(properties.Database, [.. settings], cancellationToken);
        await cluster.UseAsync(
            null,
            $"limit the sessions of database {properties.Database}",
            server => (Task)server.ExecuteAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ALTER DATABASE {properties.Database.Quoted} CONNECTION LIMIT {properties.ConnectionLimit}"),
                cancellationToken),
            cancellationToken);
        return left;
    }

    /// <summary>Ends all sessions and drops the database; nothing when it is gone. Prepared transactions, logical slots and
    /// subscriptions are not thrown away but named in the error.</summary>
    public Task DropAsync(DatabaseName database, CancellationToken cancellationToken) =>
        new DatabaseDrop(cluster, database).RunAsync(cancellationToken);

    /// <summary>Renames live to parked and fresh to live in one transaction, after ending all sessions in both. Live is open
    /// afterwards whether that succeeded or not; parked is closed. When there is no live database, parked is an empty one.</summary>
    public Task<SwapResult> SwapAsync(DatabaseName live, DatabaseName fresh, DatabaseName parked, CancellationToken cancellationToken) =>
        new DatabaseSwap(cluster, live, fresh, parked).RunAsync(cancellationToken);

    /// <summary>Gives a database a name that is free, after ending its sessions; under the new name it is open.</summary>
    public Task RenameAsync(DatabaseName from, DatabaseName to, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"rename database {from} to {to}",
            async server =>
            {
                await DatabaseSessions.EvictAsync(server, from, cancellationToken);
                await using var transaction = await server.BeginTransactionAsync(cancellationToken);
                await server.ExecuteAsync($"ALTER DATABASE {from.Quoted} RENAME TO {to.Quoted}", cancellationToken);
                await DatabaseSessions.AllowAsync(server, to, true, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            },
            cancellationToken);

    /// <summary>Lets sessions into a database that a swap parked or an interrupted one closed.</summary>
    public Task ReopenAsync(DatabaseName database, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"reopen database {database}",
            server => DatabaseSessions.AllowAsync(server, database, true, cancellationToken),
            cancellationToken);

    /// <summary>Every database but the templates.</summary>
    public async Task<IReadOnlyList<DatabaseMeasure>> MeasureAsync(CancellationToken cancellationToken) =>
        await cluster.UseAsync(
            null,
            "measure the databases",
            server => server.ListAsync(
                """
                SELECT * FROM (
                    SELECT d.datname::text AS name, pg_catalog.pg_database_size(d.oid) AS size,
                           (SELECT count(*)::int FROM pg_catalog.pg_stat_activity a
                            WHERE a.datid = d.oid AND a.backend_type = 'client backend' AND a.usename <> session_user),
                           d.datallowconn,
                           EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
                                   WHERE s.setdatabase = d.oid AND s.setrole = 0 AND pg_catalog.starts_with(c, $1))
                    FROM pg_catalog.pg_database d WHERE NOT d.datistemplate AND d.datconnlimit <> -2 OFFSET 0) measured
                WHERE size IS NOT NULL ORDER BY name
                """,
                static row => new DatabaseMeasure(DatabaseName.Parse(row.GetString(0)), row.GetInt64(1), row.GetInt32(2), row.GetBoolean(3), row.GetBoolean(4)),
                cancellationToken,
                StorageHold.Mark + "="),
            cancellationToken);

    /// <summary>Ends the sessions whose application_name begins with the prefix, as those of an earlier daemon do.</summary>
    /// <returns>How many were told to end.</returns>
    public Task<int> TerminateByApplicationAsync(string applicationNamePrefix, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"end the sessions of {applicationNamePrefix}",
            async server => (int)await DatabaseSessions.TerminateAsync(
                server, "pg_catalog.starts_with(application_name, $1)", applicationNamePrefix, cancellationToken),
            cancellationToken);

    private Task<IReadOnlyList<DatabaseSetting>> ApplyAsync(
        DatabaseName database, IReadOnlyList<DatabaseSetting> settings, CancellationToken cancellationToken) =>
        cluster.UseAsync<IReadOnlyList<DatabaseSetting>>(
            null,
            $"change the settings of database {database}",
            async server =>
            {
                await using var transaction = await server.BeginTransactionAsync(cancellationToken);
                var roles = await server.ListAsync("SELECT rolname::text FROM pg_catalog.pg_roles", static row => row.GetString(0), cancellationToken);
                var applicable = settings.ToLookup(setting => setting.Role is null || roles.Contains(setting.Role));
                foreach (var setting in applicable[true])
                {
                    await server.ExecuteAsync(setting.Statement(database), cancellationToken);
                }

                await transaction.CommitAsync(cancellationToken);
                return [.. applicable[false]];
            },
            cancellationToken);
}
