using System.Text.Json.Serialization;
using Capyd.Postgres.Catalog;

namespace Capyd.DataAccess;

/// <summary>Contract B.18.</summary>
internal sealed record SqlRequest(string? Query, int? MaxRows, bool? AllowUnqualifiedWrites, bool? ReadOnly);

/// <param name="Rows">Objects keyed by column.</param>
internal sealed record SqlResultBody(IReadOnlyList<string> Columns, IReadOnlyList<RawJson> Rows, long RowCount, long DurationMs, bool Truncated);

internal sealed record SqlResultEnvelope(SqlResultBody Result);

internal sealed record TablesBody(IReadOnlyList<TableEntry> Tables);

/// <summary>Contract B.19.</summary>
internal sealed record SchemaEnvelope(DatabaseSchema Schema);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SqlRequest))]
[JsonSerializable(typeof(SqlResultEnvelope))]
[JsonSerializable(typeof(TablesBody))]
[JsonSerializable(typeof(SchemaEnvelope))]
internal sealed partial class DataJson : JsonSerializerContext;
