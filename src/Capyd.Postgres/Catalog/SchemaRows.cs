using Npgsql;

namespace Capyd.Postgres.Catalog;

/// <summary>Rows of the schema queries, before they are put together.</summary>
internal static class SchemaRows
{
    internal sealed record TableRow(string Schema, string Name, string Kind, long Id, string? Comment);

    internal sealed record ConstraintRow(
        long Table, string Kind, string Name, string[] Columns, string? ReferencedSchema, string? ReferencedTable, string[] ReferencedColumns, string OnDelete, string OnUpdate)
    {
        public SchemaForeignKey ForeignKey() =>
            new(Name, Columns, ReferencedSchema ?? "", ReferencedTable ?? "", ReferencedColumns, Action(OnDelete), Action(OnUpdate));
    }

    public static TableRow Table(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), Text(row, 4));

    public static (string Schema, SchemaEnumType Type) EnumType(NpgsqlDataReader row) =>
        (row.GetString(0), new SchemaEnumType(row.GetString(1), row.GetFieldValue<string[]>(2), Text(row, 3)));

    public static ConstraintRow Constraint(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3), Text(row, 4), Text(row, 5), row.GetFieldValue<string[]>(6), row.GetString(7), row.GetString(8));

    /// <summary>Of a generated column the default is its expression.</summary>
    public static (long Table, SchemaColumn Column) Column(NpgsqlDataReader row)
    {
        var (isArray, dimensions, generated) = (row.GetBoolean(6), row.GetInt32(7), row.GetString(9));
        return (row.GetInt64(0), new SchemaColumn(
            row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetString(5), isArray, isArray ? Math.Max(1, dimensions) : null, row.GetBoolean(8),
            generated.Length > 0, generated switch { "s" => "stored", "v" => "virtual", _ => null },
            row.GetString(10) switch { "a" => "always", "d" => "by_default", _ => null }, row.GetBoolean(11), Text(row, 12), Text(row, 13)));
    }

    private static string Action(string code) => code switch
    {
        "r" => "RESTRICT", "c" => "CASCADE", "n" => "SET NULL", "d" => "SET DEFAULT", _ => "NO ACTION",
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
