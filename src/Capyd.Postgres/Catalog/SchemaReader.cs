using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Catalog;

/// <summary>
/// Reads the structure of a tenant's database from the catalogs, in one snapshot. Only functions of pg_catalog are called, with an
/// empty search_path; no table of the tenant is read, so none of its code runs.
/// </summary>
public sealed class SchemaReader(PostgresCluster cluster)
{
    public Task<IReadOnlyList<TableEntry>> TablesAsync(DatabaseName database, CancellationToken cancellationToken) =>
        InSnapshotAsync<IReadOnlyList<TableEntry>>(
            database,
            async session => await session.ListAsync(SqlText.Of("schema_tables"), static row => new TableEntry(row.GetString(0), row.GetString(1), row.GetString(2)), cancellationToken),
            cancellationToken);

    public Task<DatabaseSchema> ReadAsync(DatabaseName database, CancellationToken cancellationToken) =>
        InSnapshotAsync(database, session => ReadAsync(session, database, cancellationToken), cancellationToken);

    private Task<T> InSnapshotAsync<T>(DatabaseName database, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            database,
            $"read the structure of database {database}",
            async session =>
            {
                await session.ExecuteAsync("SET statement_timeout = '15s'", cancellationToken);
                await session.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellationToken);
                var result = await read(session);
                await session.ExecuteAsync("COMMIT", cancellationToken);
                return result;
            },
            cancellationToken);

    private static async Task<DatabaseSchema> ReadAsync(NpgsqlConnection session, DatabaseName database, CancellationToken cancellationToken)
    {
        var version = await session.ScalarAsync<string>("SELECT pg_catalog.current_setting('server_version')", cancellationToken) ?? "";
        var extensions = await session.ListAsync(
            "SELECT extname::text, extversion FROM pg_catalog.pg_extension ORDER BY 1", static row => new SchemaExtension(row.GetString(0), row.GetString(1)), cancellationToken);
        var namespaces = await session.ListAsync(SqlText.Of("schema_namespaces"), static row => row.GetString(0), cancellationToken);
        var enums = (await session.ListAsync(SqlText.Of("schema_enums"), SchemaRows.EnumType, cancellationToken)).ToLookup(static row => row.Schema, static row => row.Type);
        var columns = (await session.ListAsync(SqlText.Of("schema_columns"), SchemaRows.Column, cancellationToken)).ToLookup(static row => row.Table, static row => row.Column);
        var constraints = (await session.ListAsync(SqlText.Of("schema_constraints"), SchemaRows.Constraint, cancellationToken)).ToLookup(static row => row.Table);
        var tables = (await session.ListAsync(SqlText.Of("schema_tables"), SchemaRows.Table, cancellationToken))
            .ToLookup(static row => row.Schema, row => Assemble(row, columns[row.Id], constraints[row.Id]));
        return new DatabaseSchema(
            database.ToString(), version, extensions, [.. namespaces.Select(name => new SchemaNamespace(name, [.. enums[name]], [.. tables[name]]))]);
    }

    private static SchemaTable Assemble(SchemaRows.TableRow row, IEnumerable<SchemaColumn> columns, IEnumerable<SchemaRows.ConstraintRow> constraints)
    {
        var byKind = constraints.ToLookup(static constraint => constraint.Kind);
        return new SchemaTable(
            row.Name, row.Kind, [.. columns], byKind["p"].FirstOrDefault()?.Columns ?? [], [.. byKind["f"].Select(static constraint => constraint.ForeignKey())],
            [.. byKind["u"].Select(static constraint => new SchemaUniqueConstraint(constraint.Name, constraint.Columns))], row.Comment);
    }
}
