using System.Text.Json.Serialization;
using Capyd.Jobs;

namespace Capyd.BaseBackups;

/// <summary>A base backup on the wire; <c>stop_at</c> is the earliest moment that can be recovered from it, and <c>read</c> says whether
/// the <c>whole</c> server was read, or only files that had <c>changed</c>.</summary>
internal sealed record BaseBackupBody(
    string Id, string Name, string State, string Trigger, string? Label, string? SystemIdentifier, int? Timeline, string? StartLsn, string? StopLsn,
    DateTimeOffset? StopAt, string? PostgresVersion, long Files, long LogicalBytes, long AddedBytes, string VerificationState,
    string? VerificationError, DateTimeOffset? VerifiedAt, string? Error, string? JobId, DateTimeOffset CreatedAt, DateTimeOffset? CompletedAt, string? Read);

internal sealed record BaseBackupsBody(IReadOnlyList<BaseBackupBody> BaseBackups);

internal sealed record BaseBackupEnvelope(BaseBackupBody BaseBackup);

internal sealed record AcceptedBaseBackupBody(JobBody Job, BaseBackupBody BaseBackup);

internal sealed record CreateBaseBackupRequest(string? Label);

/// <summary>What a job about a base backup has to know.</summary>
internal sealed record BaseBackupPayload(string BaseBackupId);

/// <summary>The job's result.</summary>
internal sealed record BaseBackupResultBody(string BaseBackupId, long Files, long LogicalBytes, long AddedBytes, DateTimeOffset StopAt);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BaseBackupsBody))]
[JsonSerializable(typeof(BaseBackupEnvelope))]
[JsonSerializable(typeof(AcceptedBaseBackupBody))]
[JsonSerializable(typeof(CreateBaseBackupRequest))]
[JsonSerializable(typeof(BaseBackupPayload))]
[JsonSerializable(typeof(BaseBackupResultBody))]
internal sealed partial class BaseBackupsJson : JsonSerializerContext;
