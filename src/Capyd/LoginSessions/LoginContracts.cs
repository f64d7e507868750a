using System.Text.Json.Serialization;

namespace Capyd.LoginSessions;

/// <summary>Contract B.20.</summary>
internal sealed record StartLoginRequest(
    string? Name, string? DeviceName, IReadOnlyList<string>? Scopes, string? Source, DateTimeOffset? ExpiresAt);

internal sealed record LoginStartedBody(string SessionId, string PollToken, string State, DateTimeOffset ExpiresAt);

/// <param name="PlaintextApiKey">There in one answer only.</param>
internal sealed record LoginPollBody(
    string SessionId, string State, DateTimeOffset ExpiresAt, DateTimeOffset? AuthorizedAt = null, string? OrganizationId = null,
    string? OrganizationName = null, string? OrganizationSlug = null, string? PlaintextApiKey = null);

/// <summary>What the person who is to authorize it has to know.</summary>
internal sealed record LoginDetailsBody(
    string SessionId, string State, string Source, string KeyName, IReadOnlyList<string> Scopes, string? DeviceName, DateTimeOffset? KeyExpiresAt,
    DateTimeOffset ExpiresAt);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StartLoginRequest))]
[JsonSerializable(typeof(LoginStartedBody))]
[JsonSerializable(typeof(LoginPollBody))]
[JsonSerializable(typeof(LoginDetailsBody))]
internal sealed partial class LoginSessionsJson : JsonSerializerContext;
