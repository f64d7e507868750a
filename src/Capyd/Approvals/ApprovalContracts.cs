using System.Text.Json.Serialization;

namespace Capyd.Approvals;

/// <summary>Contract B.20; the one time that the token is shown.</summary>
internal sealed record ApprovalBody(string Id, string Action, string Token, DateTimeOffset ExpiresAt);

internal sealed record ApprovalEnvelope(ApprovalBody Approval);

internal sealed record CreateApprovalRequest(string? Action);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApprovalEnvelope))]
[JsonSerializable(typeof(CreateApprovalRequest))]
internal sealed partial class ApprovalsJson : JsonSerializerContext;
