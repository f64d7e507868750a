using System.Text.Json.Serialization;

namespace Capyd.Limits;

/// <summary>Contract B.20, key <c>usage</c>; its inner fields are capyd's own.</summary>
internal sealed record UsageBody(UsageTotalsBody Totals, IReadOnlyList<ProjectUsageBody> Projects, IReadOnlyList<StorageSampleBody> StorageHistory);

internal sealed record UsageTotalsBody(int Projects, int PreviewDatabases, long StorageBytes, long StorageLimitBytes, int Connections, long BackupBytes);

internal sealed record ProjectUsageBody(
    string ProjectId, string Name, string Environment, int PreviewDatabases, long StorageBytes, long StorageLimitBytes, int Connections, int MaxConnections, long BackupBytes);

/// <param name="Date"><c>2026-11-21</c>, UTC.</param>
internal sealed record StorageSampleBody(string Date, long StorageBytes);

internal sealed record UsageEnvelope(UsageBody Usage);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UsageEnvelope))]
internal sealed partial class LimitsJson : JsonSerializerContext;
