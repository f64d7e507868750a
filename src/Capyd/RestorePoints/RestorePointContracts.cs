using System.Text.Json.Serialization;

namespace Capyd.RestorePoints;

/// <summary>Contract B.6, and where a point of kind pitr stands in the WAL.</summary>
internal sealed record RestorePointBody(
    string Id, string ProjectId, string OrganizationId, string Label, string? Note, string Kind, string State, string? BackupId, string? BackupKey,
    DateTimeOffset? PitrTime, string? WalLsn, string CreatedByActorKind, string? CreatedByActorId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record RestorePointEnvelope(RestorePointBody RestorePoint);

internal sealed record RestorePointsBody(IReadOnlyList<RestorePointBody> RestorePoints, int PitrWindowDays);

/// <summary>An empty text is as good as none: some clients send all fields.</summary>
internal sealed record CreateRestorePointRequest(string? Label, string? Kind, string? BackupKey, string? PitrTime, string? Note);

internal sealed record RestorePointDeletedBody(bool Deleted);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RestorePointEnvelope))]
[JsonSerializable(typeof(RestorePointsBody))]
[JsonSerializable(typeof(CreateRestorePointRequest))]
[JsonSerializable(typeof(RestorePointDeletedBody))]
internal sealed partial class RestorePointsJson : JsonSerializerContext;
