using System.Text.Json.Serialization;
using Capyd.Jobs;
using Capyd.Recovery;

namespace Capyd.Restores;

/// <summary>Contract C.4, the restore body.</summary>
internal sealed record RestoreBody(
    string? BackupKey, string? RestoreTime, string? RestorePointId, string? TargetKind, string? PreviewId, string? PreviewName,
    int? TtlHours, bool? Recreate, bool? AllowUnverifiedBackup, string? ApprovalToken, bool? ConfirmProjectOverwrite);

/// <summary>What a restore job has to know.</summary>
internal sealed record RestorePayload(string BackupId, string Target);

/// <summary>Public result of a restore: what it proved, and until when it can be undone.</summary>
internal sealed record RestoreResult(string BackupKey, string Target, int RelationsCompared, long RowsCompared, DateTimeOffset? UndoUntil);

/// <summary>What a restore to a moment has to know.</summary>
internal sealed record PitrPayload(RecoveryPlan Plan, string Target);

/// <summary>What was asked for, and what comes back: less, when nothing later was received.</summary>
internal sealed record PitrBody(DateTimeOffset RequestedRestoreTime, DateTimeOffset RestoreTime, bool RestoreTimeClamped)
{
    public static PitrBody Of(RecoveryPlan plan) => new(plan.Requested, plan.RestoreTime, plan.Clamped);
}

/// <summary>The answer to a restore; <c>pitr</c> only for one to a moment.</summary>
internal sealed record RestoreEnvelope(JobBody Job, PitrBody? Pitr);

/// <summary>Public result of a restore to a moment.</summary>
/// <param name="LastCommitAt">Of the last transaction that came back.</param>
internal sealed record PitrResult(
    DateTimeOffset RequestedRestoreTime, DateTimeOffset RestoreTime, bool RestoreTimeClamped, DateTimeOffset LastCommitAt, string BaseBackupId,
    string Target, int RelationsCompared, long RowsCompared, DateTimeOffset? UndoUntil);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RestoreBody))]
[JsonSerializable(typeof(RestorePayload))]
[JsonSerializable(typeof(RestoreResult))]
[JsonSerializable(typeof(PitrPayload))]
[JsonSerializable(typeof(RestoreEnvelope))]
[JsonSerializable(typeof(PitrResult))]
internal sealed partial class RestoresJson : JsonSerializerContext;
