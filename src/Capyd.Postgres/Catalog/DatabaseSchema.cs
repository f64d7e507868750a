namespace Capyd.Postgres.Catalog;

/// <summary>The structure of a database, without what belongs to the server or to extensions.</summary>
public sealed record DatabaseSchema(
    string DatabaseName, string PostgresVersion, IReadOnlyList<SchemaExtension> Extensions, IReadOnlyList<SchemaNamespace> Schemas);

public sealed record SchemaExtension(string Name, string Version);

public sealed record SchemaNamespace(string Name, IReadOnlyList<SchemaEnumType> Enums, IReadOnlyList<SchemaTable> Tables);

/// <param name="Values">In the order of the type.</param>
public sealed record SchemaEnumType(string Name, IReadOnlyList<string> Values, string? Comment);

/// <param name="Kind"><c>table</c>, <c>partitioned_table</c>, <c>view</c>, <c>materialized_view</c> or <c>foreign_table</c>.</param>
public sealed record SchemaTable(
    string Name, string Kind, IReadOnlyList<SchemaColumn> Columns, IReadOnlyList<string> PrimaryKey, IReadOnlyList<SchemaForeignKey> ForeignKeys,
    IReadOnlyList<SchemaUniqueConstraint> UniqueConstraints, string? Comment);

/// <param name="DataType">As format_type spells it: <c>character varying(20)</c>, <c>integer[]</c>.</param>
/// <param name="UdtName">The type's own name; of an array, that of its elements.</param>
/// <param name="Generated"><c>stored</c> or <c>virtual</c>.</param>
/// <param name="Identity"><c>always</c> or <c>by_default</c>.</param>
public sealed record SchemaColumn(
    string Name, int Position, string DataType, string UdtName, string UdtSchema, bool IsArray, int? ArrayDims, bool IsEnum, bool IsGenerated,
    string? Generated, string? Identity, bool IsNullable, string? Default, string? Comment);

/// <param name="OnDelete"><c>NO ACTION</c>, <c>RESTRICT</c>, <c>CASCADE</c>, <c>SET NULL</c> or <c>SET DEFAULT</c>.</param>
public sealed record SchemaForeignKey(
    string Name, IReadOnlyList<string> Columns, string ReferencedSchema, string ReferencedTable, IReadOnlyList<string> ReferencedColumns, string OnDelete, string OnUpdate);

public sealed record SchemaUniqueConstraint(string Name, IReadOnlyList<string> Columns);

/// <summary>A table, view or the like.</summary>
/// <param name="Type">The same words as <see cref="SchemaTable.Kind"/>.</param>
public sealed record TableEntry(string Schema, string Table, string Type);
