using System.Text.Json;
using System.Text.Json.Serialization;
using Capyd.Storage.Jobs;

namespace Capyd.Jobs;

/// <summary>Contract B.2, with <c>progress</c> (0–1) and <c>phase</c> added.</summary>
internal sealed record JobBody(
    string Id, string OrganizationId, string Type, string State, string? ProjectId, string? PreviewDatabaseId, int Attempts, int MaxAttempts,
    DateTimeOffset? ClaimedAt, string? ClaimedBy, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, string? Error, int? LastExitCode,
    string? LastStdout, string? LastStderr, string? LockedResource, string? RetryClassification, string ClusterId, double? Progress,
    string? Phase, JsonElement? Result, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record JobEnvelope(JobBody Job);

internal sealed record JobsBody(IReadOnlyList<JobBody> Jobs);

/// <summary>Turns a row into what the wire shows, with the live progress where the job runs.</summary>
internal sealed class JobPresenter(JobProgress progress, ClusterIdentity cluster)
{
    public JobEnvelope Envelope(JobRow row) => new(Present(row));

    public JobBody Present(JobRow row)
    {
        var live = row.State == "running" ? progress.Of(row.Id) : null;
        return new JobBody(
            row.Id.ToString(), row.OrganizationId.ToString(), row.Type, row.State, row.ProjectId?.ToString(), row.PreviewId?.ToString(),
            row.Attempts, row.MaxAttempts, row.ClaimedAt, row.ClaimedBy, row.StartedAt, row.CompletedAt, row.Error, row.LastExitCode,
            NullWhenEmpty(row.LastStdout), NullWhenEmpty(row.LastStderr), row.LockedResource, row.RetryClassification, cluster.Id.ToString(),
            live?.Fraction ?? (row.State == "completed" ? 1 : row.Progress), live?.Phase ?? row.Phase, Json(row.ResultJson), row.CreatedAt, row.UpdatedAt);
    }

    private static string? NullWhenEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static JsonElement? Json(string? text) => text is null ? null : JsonDocument.Parse(text).RootElement.Clone();
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobEnvelope))]
[JsonSerializable(typeof(JobsBody))]
internal sealed partial class JobsJson : JsonSerializerContext;
