using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Extensions;

/// <summary>
/// Makes, updates and drops extensions in a tenant's database as the superuser, without ever running the tenant's code with a
/// superuser's rights. Every method may be repeated after a failure.
/// </summary>
public sealed class ExtensionAdmin(PostgresCluster cluster)
{
    private const string Usual = "public";

    private const string Listing = """
        SELECT coalesce(a.name, e.extname)::text, a.default_version, e.extversion,
               e.extversion IS NOT NULL AND a.default_version IS NOT NULL AND e.extversion <> a.default_version
               AND EXISTS (SELECT FROM pg_catalog.pg_extension_update_paths(e.extname) p
                           WHERE p.source = e.extversion AND p.target = a.default_version AND p.path IS NOT NULL)
        FROM pg_catalog.pg_available_extensions() a FULL JOIN pg_catalog.pg_extension e ON e.extname = a.name
        """;

    /// <summary>What the host offers and the database has.</summary>
    public async Task<IReadOnlyList<HostExtension>> ListAsync(DatabaseName database, CancellationToken cancellationToken) =>
        await cluster.UseAsync(database, $"list the extensions of database {database}", session => session.ListAsync(Listing, Read, cancellationToken), cancellationToken);

    /// <summary>A setting of the server; null when it has none of this name.</summary>
    public Task<string?> SettingAsync(string name, CancellationToken cancellationToken) => cluster.UseAsync(
        null,
        $"read setting {name}",
        session => session.ScalarAsync<string>("SELECT pg_catalog.current_setting($1, true)", cancellationToken, name),
        cancellationToken);

    /// <summary>Creates the extension with what it requires; nothing when it is there.</summary>
    /// <exception cref="PostgresFailedException">The host does not have it, or something is in its way.</exception>
    public Task EnableAsync(ExtensionWork work, CancellationToken cancellationToken) =>
        InsideAsync("create", work, session => EnableAsync(session, work, cancellationToken), cancellationToken);

    /// <summary>Brings the extension to the host's default version; nothing when it has it.</summary>
    /// <exception cref="PostgresFailedException">It is gone, or something is in its way.</exception>
    public Task UpdateAsync(ExtensionWork work, CancellationToken cancellationToken) =>
        InsideAsync("update", work, session => UpdateAsync(session, work, cancellationToken), cancellationToken);

    /// <summary>Drops the extension, and nothing else; nothing when it is gone.</summary>
    /// <exception cref="PostgresFailedException">Something depends on it; the message names what.</exception>
    public Task DisableAsync(ExtensionWork work, CancellationToken cancellationToken) =>
        InsideAsync("drop", work, session => DropAsync(session, work.Extension, cancellationToken), cancellationToken);

    private async Task EnableAsync(NpgsqlConnection session, ExtensionWork work, CancellationToken cancellationToken)
    {
        if (await InstalledExtension.FindAsync(session, work.Extension, cancellationToken) is not null)
        {
            return;
        }

        var plan = await ExtensionPlan.ReadAsync(session, work.Extension, cancellationToken);
        foreach (var required in plan.Requires)
        {
            await EnableAsync(session, work with { Extension = required }, cancellationToken);
        }

        var schema = plan.FixedSchema ?? Usual;
        await RequireSchemaAsync(session, cancellationToken);
        await (plan.StandsAlone
            ? new PrivateSchema(session).CreateAsync(work.Extension, schema, cancellationToken)
            : new QuietDatabase(cluster, session, work).RunAsync(
                $"CREATE EXTENSION {SqlIdentifier.Quote(work.Extension)} {(plan.FixedSchema is null ? $"SCHEMA {Usual}" : "")}",
                await SearchedAsync(session, plan, schema, cancellationToken),
                cancellationToken));
    }

    /// <summary>A current one is left alone: where sessions have to end for an update, they do not end for nothing.</summary>
    private async Task UpdateAsync(NpgsqlConnection session, ExtensionWork work, CancellationToken cancellationToken)
    {
        var installed = await InstalledExtension.FindAsync(session, work.Extension, cancellationToken)
            ?? throw new PostgresFailedException($"Extension {work.Extension} is not there any more.", PostgresErrorCodes.UndefinedObject, RetryClass.Permanent);
        var plan = await ExtensionPlan.ReadAsync(session, work.Extension, cancellationToken);
        if (installed.Version == plan.Version)
        {
            return;
        }

        await (plan.StandsAlone && installed.Relocatable
            ? new PrivateSchema(session).UpdateAsync(work.Extension, installed.Schema, cancellationToken)
            : new QuietDatabase(cluster, session, work).RunAsync(
                $"ALTER EXTENSION {SqlIdentifier.Quote(work.Extension)} UPDATE",
                await SearchedAsync(session, plan, installed.Schema, cancellationToken),
                cancellationToken));
    }

    /// <summary>Where the script's names are resolved: in its own schema, and in those of the extensions that it requires.</summary>
    private static async Task<IReadOnlyList<string>> SearchedAsync(
        NpgsqlConnection session, ExtensionPlan plan, string schema, CancellationToken cancellationToken)
    {
        var schemas = new List<string> { schema };
        foreach (var required in plan.Requires)
        {
            if (await InstalledExtension.FindAsync(session, required, cancellationToken) is { } installed && installed.Schema != "pg_catalog")
            {
                schemas.Add(installed.Schema);
            }
        }

        return schemas;
    }

    private static async Task DropAsync(NpgsqlConnection session, string extension, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync($"DROP EXTENSION IF EXISTS {SqlIdentifier.Quote(extension)}", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
        {
            var dependents = await session.ListAsync(SqlText.Of("extension_dependents"), static row => row.GetString(0), cancellationToken, extension);
            throw new PostgresFailedException(
                $"Extension {extension} cannot be dropped, because these depend on it: {string.Join(", ", dependents)}. Drop or change them first.",
                e.SqlState,
                RetryClass.Permanent,
                e);
        }
    }

    private static async Task RequireSchemaAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        if (!await session.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1)", cancellationToken, Usual))
        {
            throw new PostgresFailedException(
                $"There is no schema {Usual}, where extensions are put. CREATE SCHEMA {Usual} makes it.", PostgresErrorCodes.InvalidSchemaName, RetryClass.Permanent);
        }
    }

    /// <summary>A database that an interrupted run closed is opened first. Locks of the tenant are waited for, but not for ever.</summary>
    private Task InsideAsync(string verb, ExtensionWork work, Func<NpgsqlConnection, Task> change, CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync($"{verb} extension {work.Extension} in database {work.Database}", async () =>
        {
            await using (var server = await cluster.OpenAsync(null, cluster.ApplicationName, cancellationToken))
            {
                await DatabaseSessions.AllowAsync(server, work.Database, true, cancellationToken);
            }

            await using var session = await cluster.OpenAsync(work.Database, work.ApplicationName, cancellationToken);
            await session.ExecuteAsync("SET lock_timeout = '30s'", cancellationToken);
            await change(session);
        });

    private static HostExtension Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3));
}
