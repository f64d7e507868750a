using System.Text.Json.Serialization;
using Capyd.Storage.Alerts;

namespace Capyd.Alerts;

/// <summary>Contract B.12.</summary>
internal sealed record AlertBody(
    string Id, string ProjectId, string Kind, string Severity, long ObservedValue, long LimitValue, DateTimeOffset TriggeredAt,
    DateTimeOffset? AcknowledgedAt, DateTimeOffset? ResolvedAt, DateTimeOffset? LastNotifiedAt)
{
    public static AlertBody Of(AlertRow row) => new(
        row.Id.ToString(), row.ProjectId.ToString(), row.Kind, row.Severity, row.ObservedValue, row.LimitValue, row.TriggeredAt, row.AcknowledgedAt,
        row.ResolvedAt, row.LastNotifiedAt);
}

internal sealed record AlertEnvelope(AlertBody Alert);

internal sealed record AlertsBody(IReadOnlyList<AlertBody> Alerts);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertEnvelope))]
[JsonSerializable(typeof(AlertsBody))]
internal sealed partial class AlertsJson : JsonSerializerContext;
