using System.Text.Json.Serialization;

namespace Capyd.Restores;

/// <summary>Contract C.4, the restore body.</summary>
internal sealed record RestoreBody(
    string? BackupKey, string? RestoreTime, string? RestorePointId, string? TargetKind, string? PreviewId, string? PreviewName,
    int? TtlHours, bool? Recreate, bool? AllowUnverifiedBackup, string? ApprovalToken, bool? ConfirmProjectOverwrite);

/// <summary>What a restore job has to know.</summary>
internal sealed record RestorePayload(string BackupId, string Target);

/// <summary>Public result of a restore: what it proved, and until when it can be undone.</summary>
internal sealed record RestoreResult(string BackupKey, string Target, int RelationsCompared, long RowsCompared, DateTimeOffset? UndoUntil);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RestoreBody))]
[JsonSerializable(typeof(RestorePayload))]
[JsonSerializable(typeof(RestoreResult))]
internal sealed partial class RestoresJson : JsonSerializerContext;
