using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// What only a superuser can do in a fresh database, done before and after the unprivileged load. Before it nothing of the
/// tenant is in the schemas that extensions are made in, so none of its code is called; after it only grants are taken back.
/// </summary>
internal sealed class RestoreTarget(PostgresCluster cluster, RestoreRequest request)
{
    private readonly Inventory _inventory = request.Inventory;

    public Task PrepareAsync(CancellationToken cancellationToken) => InsideAsync(
        "prepare",
        async session =>
        {
            await CompressWalAsync(session, cancellationToken);
            await AlignPublicAsync(session, cancellationToken);
            var extensions = _inventory.Extensions.Where(static e => e.Name != "plpgsql").ToList();
            var schemas = extensions.Select(static e => e.Schema).Distinct().Where(_inventory.Schemas.Contains).ToList();
            await new ExtensionGround(session, request.Owner).WithAsync(
                schemas,
                async () =>
                {
                    foreach (var extension in extensions)
                    {
                        await CreateAsync(session, extension, cancellationToken);
                    }
                },
                cancellationToken);
            await ConfigTablesAsync(session, "GRANT INSERT ON", "TO", cancellationToken);
        },
        cancellationToken);

    public Task FinishAsync(CancellationToken cancellationToken) => InsideAsync(
        "finish", session => ConfigTablesAsync(session, "REVOKE INSERT ON", "FROM", cancellationToken), cancellationToken);

    /// <summary>Index builds log whole pages; compressed, they cost the server less (measured: about 13 % of a restore).
    /// Only a superuser may say so for another role, and the loader is a role of this one restore.</summary>
    private async Task CompressWalAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        const string Known = "SELECT 'lz4' = ANY (enumvals) FROM pg_catalog.pg_settings WHERE name = 'wal_compression' AND enumvals IS NOT NULL";
        if (await session.ScalarAsync<bool>(Known, cancellationToken))
        {
            await session.ExecuteAsync($"ALTER ROLE {request.Loader.Quoted} SET wal_compression = 'lz4'", cancellationToken);
        }
    }

    private async Task AlignPublicAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        if (!_inventory.Schemas.Contains("public"))
        {
            await session.ExecuteAsync("DROP SCHEMA IF EXISTS public", cancellationToken);
        }
    }

    private static async Task CreateAsync(NpgsqlConnection session, InventoryExtension extension, CancellationToken cancellationToken)
    {
        var version = await session.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_available_extension_versions WHERE name = $1 AND version = $2)",
            cancellationToken,
            extension.Name,
            extension.Version)
            ? $" VERSION {SqlIdentifier.Quote(extension.Version)}"
            : "";
        await session.ExecuteAsync(
            $"CREATE EXTENSION IF NOT EXISTS {SqlIdentifier.Quote(extension.Name)} SCHEMA {SqlIdentifier.Quote(extension.Schema)}{version}",
            cancellationToken);
    }

    /// <summary>Extensions belong to the superuser; the rows that users keep in their configuration tables come with the archive.</summary>
    private async Task ConfigTablesAsync(NpgsqlConnection session, string verb, string preposition, CancellationToken cancellationToken)
    {
        var tables = await session.ListAsync(SqlText.Of("extension_config_tables"), static row => row.GetString(0), cancellationToken);
        foreach (var table in tables)
        {
            await session.ExecuteAsync($"{verb} TABLE {table} {preposition} {request.Owner.Quoted}", cancellationToken);
        }
    }

    private Task InsideAsync(string what, Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync($"{what} database {request.Database} for a restore", async () =>
        {
            await using var session = await cluster.OpenAsync(request.Database, request.ApplicationName, cancellationToken);
            await work(session);
        });
}
