using System.Text.Json;
using System.Text.Json.Serialization;

namespace Capyd.Webhooks;

/// <summary>Contract B.11.</summary>
/// <param name="Health"><c>healthy</c> or <c>failing</c>, by the last attempt; in lists only.</param>
internal sealed record WebhookEndpointBody(
    string Id, string OrganizationId, string Url, string? Description, IReadOnlyList<string> EventTypes, bool IsActive, string? Health,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record WebhookEndpointsBody(IReadOnlyList<WebhookEndpointBody> WebhookEndpoints);

internal sealed record WebhookEndpointEnvelope(WebhookEndpointBody WebhookEndpoint);

/// <summary>The one time that the signing secret is shown.</summary>
internal sealed record WebhookSecretBody(WebhookEndpointBody WebhookEndpoint, string PlaintextSecret);

internal sealed record CreateWebhookEndpointRequest(string? Url, string? Description, IReadOnlyList<string>? EventTypes);

/// <summary>What is left out stays as it is.</summary>
internal sealed record UpdateWebhookEndpointRequest(string? Url, string? Description, IReadOnlyList<string>? EventTypes, bool? IsActive);

internal sealed record WebhookDeliveryBody(
    string Id, string EndpointId, string OrganizationId, string EventType, JsonElement Payload, string State, int Attempts, int MaxAttempts,
    DateTimeOffset NextAttemptAt, DateTimeOffset? DeliveredAt, int? ResponseStatus, string? LastError, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

internal sealed record WebhookDeliveriesBody(IReadOnlyList<WebhookDeliveryBody> Deliveries);

internal sealed record WebhookDeliveryEnvelope(WebhookDeliveryBody Delivery);

internal sealed record WebhookDeletedBody(bool Deleted);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookEndpointsBody))]
[JsonSerializable(typeof(WebhookEndpointEnvelope))]
[JsonSerializable(typeof(WebhookSecretBody))]
[JsonSerializable(typeof(CreateWebhookEndpointRequest))]
[JsonSerializable(typeof(UpdateWebhookEndpointRequest))]
[JsonSerializable(typeof(WebhookDeliveriesBody))]
[JsonSerializable(typeof(WebhookDeliveryEnvelope))]
[JsonSerializable(typeof(WebhookDeletedBody))]
[JsonSerializable(typeof(EventEnvelope))]
internal sealed partial class WebhooksJson : JsonSerializerContext;
