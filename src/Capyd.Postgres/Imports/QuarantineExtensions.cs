using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Imports;

/// <summary>Makes the extensions that a foreign file wants and that are allowed, while nothing foreign is in the database yet.</summary>
internal sealed class QuarantineExtensions(PostgresCluster cluster, IReadOnlySet<string> allowed)
{
    private const string Available = """
        SELECT v.schema::pg_catalog.text FROM pg_catalog.pg_available_extensions a
        JOIN pg_catalog.pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version WHERE a.name = $1
        """;

    private const string Made = "SELECT extname::pg_catalog.text FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY oid";

    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal);

    /// <summary>Those that were not made, and why.</summary>
    public IReadOnlyDictionary<string, string> Refused => _refused;

    /// <summary>Schemas that exist because an extension is in them.</summary>
    public IReadOnlySet<string> Schemas => _schemas;

    /// <summary>With those that others require.</summary>
    public IReadOnlyList<string> Created { get; private set; } = [];

    public async Task<QuarantineExtensions> MakeAsync(IReadOnlyList<(string Name, string? Schema)> wanted, CancellationToken cancellationToken)
    {
        await cluster.UseAsync(
            ThrowAwayCluster.Database,
            "make the extensions",
            async session =>
            {
                foreach (var (name, schema) in wanted.Where(static w => w.Name != "plpgsql").DistinctBy(static w => w.Name))
                {
                    await TryAsync(session, name, schema ?? "public", cancellationToken);
                }

                Created = await session.ListAsync(Made, static row => row.GetString(0), cancellationToken);
                await ConfigTablesAsync(session, "GRANT INSERT ON", "TO", cancellationToken);
                foreach (var schema in _schemas)
                {
                    await session.ExecuteAsync($"ALTER SCHEMA {SqlIdentifier.Quote(schema)} OWNER TO {ThrowAwayCluster.Loader.Quoted}", cancellationToken);
                }
            },
            cancellationToken);
        return this;
    }

    public Task FinishAsync(CancellationToken cancellationToken) => cluster.UseAsync(
        ThrowAwayCluster.Database,
        "finish the extensions",
        session => ConfigTablesAsync(session, "REVOKE INSERT ON", "FROM", cancellationToken),
        cancellationToken);

    private async Task TryAsync(NpgsqlConnection session, string name, string wantedSchema, CancellationToken cancellationToken)
    {
        if (!allowed.Contains(name))
        {
            _refused[name] = "not allowed here";
            return;
        }

        var found = await session.ListAsync(Available, static row => row.IsDBNull(0) ? "" : row.GetString(0), cancellationToken, name);
        if (found is not [var fixedSchema])
        {
            _refused[name] = "not installed on this host";
            return;
        }

        try
        {
            await MakeAsync(session, name, fixedSchema.Length > 0 ? fixedSchema : wantedSchema, cancellationToken);
        }
        catch (PostgresException e)
        {
            _refused[name] = LatinText.Flat(e.MessageText);
        }
    }

    private async Task MakeAsync(NpgsqlConnection session, string name, string schema, CancellationToken cancellationToken)
    {
        var builtIn = schema is "public" or "pg_catalog";
        if (!builtIn)
        {
            await session.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {SqlIdentifier.Quote(schema)}", cancellationToken);
            _schemas.Add(schema);
        }

        await session.ExecuteAsync(
            $"CREATE EXTENSION IF NOT EXISTS {SqlIdentifier.Quote(name)} SCHEMA {SqlIdentifier.Quote(schema)} CASCADE", cancellationToken);
    }

    /// <summary>Rows that users keep in configuration tables of extensions come with the file.</summary>
    private static async Task ConfigTablesAsync(NpgsqlConnection session, string verb, string preposition, CancellationToken cancellationToken)
    {
        var tables = await session.ListAsync(SqlText.Of("extension_config_tables"), static row => row.GetString(0), cancellationToken);
        foreach (var table in tables)
        {
            await session.ExecuteAsync($"{verb} TABLE {table} {preposition} {ThrowAwayCluster.Loader.Quoted}", cancellationToken);
        }
    }
}
