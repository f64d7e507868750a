using System.Text.Json.Serialization;

namespace Capyd.Backups;

/// <summary>Contract B.4.</summary>
internal sealed record BackupBody(
    string Id, string ProjectId, string DatabaseName, string BackupKey, string? Label, long SizeBytes, string? Sha256, string State,
    string VerificationState, string? VerificationError, DateTimeOffset? VerifiedAt, DateTimeOffset CreatedAt);

internal sealed record BackupsBody(IReadOnlyList<BackupBody> Backups);

internal sealed record CreateBackupRequest(string? Label);

/// <summary>Contract B.5.</summary>
internal sealed record ScheduleBody(
    string Id, string ProjectId, string OrganizationId, string Label, int CronHour, int CronMinute, bool IsActive, int RetentionDays,
    string? LastJobId, DateTimeOffset? LastRunAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record SchedulesBody(IReadOnlyList<ScheduleBody> ScheduledBackups);

internal sealed record ScheduleEnvelope(ScheduleBody ScheduledBackup);

internal sealed record PutScheduleRequest(int? CronHour, int? CronMinute, bool? IsActive, string? Label, int? RetentionDays);

/// <summary>What a backup job has to know.</summary>
internal sealed record BackupPayload(string BackupId);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupsBody))]
[JsonSerializable(typeof(CreateBackupRequest))]
[JsonSerializable(typeof(SchedulesBody))]
[JsonSerializable(typeof(ScheduleEnvelope))]
[JsonSerializable(typeof(PutScheduleRequest))]
[JsonSerializable(typeof(BackupPayload))]
internal sealed partial class BackupsJson : JsonSerializerContext;
