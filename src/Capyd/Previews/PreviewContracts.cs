using System.Text.Json.Serialization;
using Capyd.Jobs;
using Capyd.Recovery;

namespace Capyd.Previews;

/// <summary>Contract B.3.</summary>
internal sealed record PreviewBody(
    string Id, string ProjectId, string Name, string Mode, string State, string DatabaseName, string RoleName, int DirectPort, int PooledPort,
    string? PublicHost, string? SslMode, DateTimeOffset TtlExpiresAt, string? SourceKind, string? SourceDatabase, string? SourceBackupKey,
    DateTimeOffset? SourceRestoreTime, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record PreviewsBody(IReadOnlyList<PreviewBody> PreviewDatabases);

internal sealed record PreviewEnvelope(PreviewBody Preview);

internal sealed record PreviewCreatedBody(PreviewBody Preview, JobBody Job);

/// <summary>Contract C.2; every field may be left out, and the body too.</summary>
internal sealed record CreatePreviewRequest(string? Name, string? Mode, int? TtlHours);

internal sealed record ExtendPreviewRequest(int? TtlHours);

/// <summary>What a reset job has to know: where the preview returns to when it fails, and how the moment that it shows is reached.</summary>
internal sealed record ResetPayload(string StateBefore, RecoveryPlan? Plan = null);

/// <summary>Public result of a create or reset.</summary>
/// <param name="Method"><c>template</c>, <c>dump</c>, <c>backup</c>, <c>recovery</c> or <c>empty</c>.</param>
/// <param name="Reason">Why it was done that way.</param>
/// <param name="RelationsCompared">Tables counted and hashed on both sides; absent where nothing was compared.</param>
internal sealed record PreviewResult(string Method, string Reason, int? RelationsCompared = null, long? RowsCompared = null);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PreviewsBody))]
[JsonSerializable(typeof(PreviewEnvelope))]
[JsonSerializable(typeof(PreviewCreatedBody))]
[JsonSerializable(typeof(CreatePreviewRequest))]
[JsonSerializable(typeof(ExtendPreviewRequest))]
[JsonSerializable(typeof(ResetPayload))]
[JsonSerializable(typeof(PreviewResult))]
internal sealed partial class PreviewsJson : JsonSerializerContext;
