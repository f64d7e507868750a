using System.Text.Json.Serialization;
using Capyd.Jobs;

namespace Capyd.Exports;

/// <summary>Contract B.14. State: running, completed, failed, expired.</summary>
internal sealed record ExportBody(
    string Id, string ProjectId, string DatabaseName, string State, long SizeBytes, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? CompletedAt,
    DateTimeOffset ExpiresAt);

internal sealed record ExportsBody(IReadOnlyList<ExportBody> Exports);

internal sealed record ExportAcceptedBody(string ExportId, JobBody Job);

internal sealed record ExportDownloadBody(string DownloadUrl, DateTimeOffset ExpiresAt);

internal sealed record ExportDownloadEnvelope(ExportDownloadBody Download);

/// <summary>What an export job has to know.</summary>
internal sealed record ExportPayload(string ExportId);

/// <summary>Public result of an export job.</summary>
internal sealed record ExportResult(string ExportId, long SizeBytes);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExportsBody))]
[JsonSerializable(typeof(ExportAcceptedBody))]
[JsonSerializable(typeof(ExportDownloadEnvelope))]
[JsonSerializable(typeof(ExportPayload))]
[JsonSerializable(typeof(ExportResult))]
internal sealed partial class ExportsJson : JsonSerializerContext;
