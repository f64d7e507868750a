namespace Capyd.Postgres.Cluster;

/// <summary>Creates extensions as the superuser, in schema public unless the extension says where it belongs.</summary>
internal sealed class DatabaseExtensions(PostgresCluster cluster, DatabaseName database)
{
    private const string Missing = """
        SELECT a.name::text, (SELECT v.schema::text FROM pg_catalog.pg_available_extension_versions v
                              WHERE v.name = a.name AND v.version = a.default_version)
        FROM pg_catalog.pg_available_extensions a
        WHERE a.installed_version IS NULL AND a.name = ANY ($1) ORDER BY 1
        """;

    /// <returns>The names that were created; what the server does not offer is left out.</returns>
    public Task<IReadOnlyList<string>> EnsureAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        cluster.UseAsync<IReadOnlyList<string>>(
            database,
            $"create extensions in database {database}",
            async inside =>
            {
                var missing = await inside.ListAsync(
                    Missing, static row => (Name: row.GetString(0), Fixed: !row.IsDBNull(1)), cancellationToken, (object)names.ToArray());
                foreach (var (name, isFixed) in missing)
                {
                    var schema = isFixed ? "" : "SCHEMA public";
                    await inside.ExecuteAsync($"CREATE EXTENSION IF NOT EXISTS {SqlIdentifier.Quote(name)} {schema} CASCADE", cancellationToken);
                }

                return [.. missing.Select(static extension => extension.Name)];
            },
            cancellationToken);
}
