using System.Text.Json.Serialization;

namespace Capyd.Imports;

/// <summary>Contract C.3: what an import takes.</summary>
internal sealed record ImportBody(string? SourceUrl, string? UploadKey, bool? Confirm, bool? Recreate);

internal sealed record PreflightRequest(string? SourceUrl);

/// <summary>Contract B.7.</summary>
internal sealed record UploadBody(string ObjectKey, string UploadUrl, DateTimeOffset ExpiresAt);

internal sealed record UploadEnvelope(UploadBody Upload);

/// <summary>The answer to the upload itself.</summary>
internal sealed record UploadedBody(string ObjectKey, long SizeBytes, string Sha256, DateTimeOffset ExpiresAt);

internal sealed record UploadedEnvelope(UploadedBody Upload);

/// <summary>Contract B.7, both eras.</summary>
internal sealed record PreflightBody(bool Ok, IReadOnlyList<PreflightCheckBody> Checks, SourceBody Source, long StorageLimitBytes, string TargetVersion);

internal sealed record PreflightEnvelope(PreflightBody Preflight);

internal sealed record PreflightCheckBody(string Name, string Status, string? Detail);

internal sealed record SourceBody(long DatabaseSizeBytes, string ServerVersion, IReadOnlyList<SourceExtensionBody> Extensions)
{
    public IReadOnlyList<string>? AppSchemas { get; init; }
    public IReadOnlyList<string>? EventTriggers { get; init; }
    public string? Provider { get; init; }
    public IReadOnlyList<string>? ProviderSignals { get; init; }
    public IReadOnlyList<string>? ProviderSchemas { get; init; }
    public IReadOnlyList<string>? ProviderAuthPolicyTables { get; init; }
    public IReadOnlyList<SourceForeignKeyBody>? ProviderAuthFks { get; init; }
    public SourceReplicationBody? Replication { get; init; }
}

internal sealed record SourceExtensionBody(string Name, string Version);

internal sealed record SourceForeignKeyBody(string Constraint, string SourceTable, string TargetTable);

internal sealed record SourceReplicationBody(
    bool Ready, IReadOnlyList<string> Blockers, string WalLevel, int MaxWalSenders, int MaxReplicationSlots, int UsedReplicationSlots, bool RoleCanReplicate);

/// <summary>Public result of an import: what came in, and what did not and why.</summary>
/// <param name="Format">What the source was: <c>custom</c>, <c>tar</c>, <c>directory_in_tar</c> or <c>plain</c>.</param>
/// <param name="SourceBytes">The dump as it came in, unpacked.</param>
/// <param name="Objects">How many of each type were loaded.</param>
/// <param name="Skipped">At most 500 of <paramref name="SkippedCount"/>.</param>
internal sealed record ImportReportBody(
    string Format, long SourceBytes, IReadOnlyDictionary<string, int> Objects, IReadOnlyList<string> Extensions,
    IReadOnlyList<ImportSkippedBody> Skipped, int SkippedCount);

internal sealed record ImportSkippedBody(string Type, string Name, string Reason);

internal sealed record ImportResult(ImportReportBody Report, int RelationsCompared, long RowsCompared, DateTimeOffset? UndoUntil);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImportBody))]
[JsonSerializable(typeof(PreflightRequest))]
[JsonSerializable(typeof(PreflightEnvelope))]
[JsonSerializable(typeof(ImportPayload))]
[JsonSerializable(typeof(ImportCheckpoint))]
[JsonSerializable(typeof(StagedImport))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(UploadEnvelope))]
[JsonSerializable(typeof(UploadedEnvelope))]
internal sealed partial class ImportsJson : JsonSerializerContext;
