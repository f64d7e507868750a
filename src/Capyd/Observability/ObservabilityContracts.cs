using System.Text.Json.Serialization;

namespace Capyd.Observability;

/// <summary>Contract B.18.</summary>
internal sealed record ObservabilityBody(
    int ConnectionCount, int ConnectionLimit, double ConnectionUsagePercent, long DatabaseSizeBytes, long StorageLimitBytes, double StorageUsagePercent,
    bool PgStatStatements, IReadOnlyList<string> Alerts, IReadOnlyList<ActiveQueryBody> ActiveQueries, IReadOnlyList<SlowQueryBody> SlowQueries);

internal sealed record ActiveQueryBody(int Pid, string Username, string State, string Query, long DurationMs, string? WaitEvent, string? WaitEventType);

internal sealed record SlowQueryBody(
    string Query, string QueryId, long Calls, long Rows, double MeanTimeMs, double TotalTimeMs, long SharedBlksHit, long SharedBlksRead, long TempBlksRead, long TempBlksWritten);

internal sealed record ObservabilityEnvelope(ObservabilityBody Observability);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObservabilityEnvelope))]
internal sealed partial class ObservabilityJson : JsonSerializerContext;
