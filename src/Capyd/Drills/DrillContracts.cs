using System.Text.Json.Serialization;
using Capyd.Jobs;
using Capyd.Storage.Drills;

namespace Capyd.Drills;

/// <summary>What to try; what is left out is drawn.</summary>
/// <param name="Time">RFC 3339 with its offset; kept to the millisecond.</param>
/// <param name="BackupKey">A dump of the project: the moment is that of the dump, and what comes out has to be what the dump saw.</param>
internal sealed record StartDrillRequest(string? ProjectId, string? Time, string? BackupKey);

/// <param name="State">running, succeeded or failed.</param>
/// <param name="Seed">What the moment was drawn with.</param>
/// <param name="RecoverySeconds">Until the recovered server took logins.</param>
/// <param name="RtoSeconds">Until the database was in the live server, compared and usable.</param>
/// <param name="ProofBackupId">The dump that the recovered content was compared with, too.</param>
internal sealed record DrillBody(
    string Id, string ProjectId, string Trigger, string State, long Seed, DateTimeOffset? RequestedTime, DateTimeOffset? RestoreTime, string? TargetLsn,
    string? BaseBackupId, double? RecoverySeconds, double? RtoSeconds, long? Tables, long? Rows, string? ProofBackupId, string? Error, string JobId,
    DateTimeOffset CreatedAt, DateTimeOffset? CompletedAt)
{
    public static DrillBody Of(DrillRow row) => new(
        row.Id.ToString(), row.ProjectId.ToString(), row.Trigger, row.State, row.Seed, row.RequestedTime, row.RestoreTime, row.TargetLsn,
        row.BaseBackupId?.ToString(), Seconds(row.Recovery), Seconds(row.Rto), row.Tables, row.Rows, row.ProofBackupId?.ToString(), row.Error,
        row.JobId.ToString(), row.CreatedAt, row.CompletedAt);

    /// <summary>As it is kept, to the millisecond.</summary>
    public static double? Seconds(TimeSpan? span) => span is { } known ? Math.Floor(known.TotalMilliseconds) / 1000 : null;
}

internal sealed record DrillsBody(IReadOnlyList<DrillBody> Drills);

internal sealed record DrillEnvelope(DrillBody Drill);

internal sealed record AcceptedDrillBody(JobBody Job, DrillBody Drill);

/// <summary>What a drill job has to know.</summary>
internal sealed record DrillPayload(string DrillId);

/// <summary>Public result of a drill job.</summary>
internal sealed record DrillResult(
    string DrillId, DateTimeOffset RestoreTime, double RecoverySeconds, double RtoSeconds, long Tables, long Rows, string? ProofBackupId);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StartDrillRequest))]
[JsonSerializable(typeof(DrillsBody))]
[JsonSerializable(typeof(DrillEnvelope))]
[JsonSerializable(typeof(AcceptedDrillBody))]
[JsonSerializable(typeof(DrillPayload))]
[JsonSerializable(typeof(DrillResult))]
internal sealed partial class DrillsJson : JsonSerializerContext;
