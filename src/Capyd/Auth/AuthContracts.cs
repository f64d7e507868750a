using System.Text.Json.Serialization;

namespace Capyd.Auth;

/// <summary>Contract B.10.</summary>
internal sealed record ApiKeyBody(
    string Id, string OrganizationId, string Name, string KeyPrefix, IReadOnlyList<string> Scopes, string Source, bool IsActive,
    bool Manager, string? ProjectId, string? DeviceName, string? CreatedByUserId, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

internal sealed record ApiKeysBody(IReadOnlyList<ApiKeyBody> ApiKeys);

internal sealed record ApiKeyCreatedBody(ApiKeyBody ApiKey, string PlaintextApiKey);

internal sealed record CreateApiKeyRequest(
    string? Name, IReadOnlyList<string>? Scopes, string? ProjectId, string? DeviceName, DateTimeOffset? ExpiresAt);

internal sealed record RevokedBody(bool Revoked);

/// <summary>Contract B.15.</summary>
internal sealed record OrganizationBody(
    string Id, string Name, string Slug, string BillingPlan, string BillingProvider, string BillingStatus, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    string? ClerkOrganizationId, string? ClerkOrganizationSlug);

internal sealed record OrganizationEnvelope(OrganizationBody Organization);

internal sealed record PrincipalBody(
    string AuthSource, bool IsAdmin, IReadOnlyList<string> Scopes, string OrganizationId, string? ProjectId, string? UserId,
    string? ClerkOrganizationId, string? ClerkOrganizationRole, string? ClerkOrganizationSlug);

/// <summary>The bare object of <c>GET /v1/me</c>.</summary>
internal sealed record ViewerBody(OrganizationBody Organization, PrincipalBody Principal);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiKeysBody))]
[JsonSerializable(typeof(ApiKeyCreatedBody))]
[JsonSerializable(typeof(CreateApiKeyRequest))]
[JsonSerializable(typeof(RevokedBody))]
[JsonSerializable(typeof(OrganizationEnvelope))]
[JsonSerializable(typeof(ViewerBody))]
internal sealed partial class AuthJson : JsonSerializerContext;
