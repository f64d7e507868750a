using System.Text.Json.Serialization;

namespace Capyd.Previews;

/// <summary>Contract B.3.</summary>
internal sealed record PreviewBody(
    string Id, string ProjectId, string Name, string Mode, string State, string DatabaseName, string RoleName, int DirectPort, int PooledPort,
    string? PublicHost, string? SslMode, DateTimeOffset TtlExpiresAt, string? SourceKind, string? SourceDatabase, string? SourceBackupKey,
    DateTimeOffset? SourceRestoreTime, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record PreviewsBody(IReadOnlyList<PreviewBody> PreviewDatabases);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PreviewsBody))]
internal sealed partial class PreviewsJson : JsonSerializerContext;
