using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Dumps;

/// <summary>Reads what the catalogs say, in the session's snapshot. Touches no relation of the tenant.</summary>
internal sealed class CatalogReader(NpgsqlConnection connection)
{
    private static readonly string[] DefinitionStatements =
        ["inventory_objects_relations", "inventory_objects_dependents", "inventory_objects_routines", "inventory_objects_others"];

    public Task<List<RelationPlan>> RelationsAsync(bool recordHash, bool sizes, CancellationToken cancellationToken) =>
        connection.ListAsync(
            SqlText.Of("inventory_relations"),
            static row => new RelationPlan
            {
                Schema = row.GetString(0),
                Name = row.GetString(1),
                Unlogged = row.GetString(2) == "u",
                Owner = row.GetString(3),
                ReadableAsOwner = row.GetBoolean(4),
                Bytes = row.GetInt64(5),
                Statement = row.GetString(6),
                Copy = row.GetString(7),
            },
            cancellationToken,
            recordHash,
            sizes);

    /// <returns>Sequences with the present value as both bounds.</returns>
    public Task<List<InventorySequence>> SequencesAsync(CancellationToken cancellationToken) =>
        connection.ListAsync(
            SqlText.Of("inventory_sequences"),
            static row =>
            {
                long? value = row.IsDBNull(2) ? null : row.GetInt64(2);
                return new InventorySequence(row.GetString(0), row.GetString(1), value, value);
            },
            cancellationToken);

    /// <summary>Every table of the database, by schema and name.</summary>
    public async Task<Dictionary<(string Schema, string Name), WrittenRows>> WrittenRowsAsync(CancellationToken cancellationToken) =>
        (await connection.ListAsync(
            SqlText.Of("written_rows"),
            static row => (Table: (row.GetString(0), row.GetString(1)), Rows: new WrittenRows(row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))),
            cancellationToken)).ToDictionary(static pair => pair.Table, static pair => pair.Rows);

    public Task<List<InventoryExtension>> ExtensionsAsync(CancellationToken cancellationToken) =>
        connection.ListAsync(
            SqlText.Of("inventory_extensions"),
            static row => new InventoryExtension(row.GetString(0), row.GetString(1), row.GetString(2)),
            cancellationToken);

    public Task<List<InventorySkipped>> SkippedAsync(CancellationToken cancellationToken) =>
        connection.ListAsync(
            SqlText.Of("inventory_skipped"),
            static row => new InventorySkipped(row.GetString(0), row.GetString(1), Text(row, 2), Text(row, 3)),
            cancellationToken);

    public Task<List<string>> SchemasAsync(CancellationToken cancellationToken) =>
        connection.ListAsync(SqlText.Of("inventory_schemas"), static row => row.GetString(0), cancellationToken);

    public async Task<InventoryLargeObjects> LargeObjectsAsync(CancellationToken cancellationToken) =>
        (await connection.ListAsync(
            SqlText.Of("inventory_large_objects"),
            static row => new InventoryLargeObjects(row.GetInt64(0), RowReader.Hex(row.GetString(1))),
            cancellationToken)).Single();

    public async Task<List<InventoryObject>> DefinitionsAsync(CancellationToken cancellationToken)
    {
        var all = new List<InventoryObject>();
        foreach (var name in DefinitionStatements)
        {
            all.AddRange(await connection.ListAsync(
                SqlText.Of(name), static row => new InventoryObject(row.GetString(0), row.GetString(1)), cancellationToken));
        }

        all.Sort(static (x, y) => (string.CompareOrdinal(x.Identity, y.Identity), string.CompareOrdinal(x.Fingerprint, y.Fingerprint)) switch
        {
            (0, var second) => second,
            var (first, _) => first,
        });
        return all;
    }

    public static string Fingerprint(IEnumerable<InventoryObject> objects)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in objects)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Identity}\0{item.Fingerprint}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async Task<DatabaseFacts> DatabaseAsync(CancellationToken cancellationToken)
    {
        var settings = await connection.ListAsync(
            SqlText.Of("inventory_settings"),
            static row => new DatabaseSetting(row.IsDBNull(0) ? null : row.GetString(0), row.GetString(1), row.GetString(2)),
            cancellationToken);
        return (await connection.ListAsync(SqlText.Of("inventory_database"), row => Facts(row, settings), cancellationToken)).Single();
    }

    private static DatabaseFacts Facts(NpgsqlDataReader row, IReadOnlyList<DatabaseSetting> settings) => new(
        row.GetInt32(9),
        row.GetFieldValue<DateTime>(8),
        new DatabaseLocale(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Text(row, 4)),
        new InventoryProperties(Text(row, 5), settings, Text(row, 7), row.GetInt32(6)));

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : Convert.ToString(row.GetValue(column), CultureInfo.InvariantCulture);
}
