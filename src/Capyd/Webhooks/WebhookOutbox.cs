using System.Text.Json;
using Capyd.Storage.Webhooks;

namespace Capyd.Webhooks;

/// <summary>
/// Writes what is to be told in the transaction of the change that it tells of: it is told if, and only if, the change is there.
/// Without endpoints it costs one look.
/// </summary>
internal sealed class WebhookOutbox(CapydOptions options, DeliverySignal signal)
{
    /// <summary>The endpoints that would be told anything at all.</summary>
    public static IReadOnlyList<WebhookEndpointRow> Listeners(MetadataSession session, OrganizationId organization) =>
        [.. WebhookEndpointStore.List(session, organization).Where(endpoint => endpoint.IsActive)];

    /// <summary>One event for all endpoints that want it.</summary>
    public void Write(MetadataTransaction tx, IReadOnlyList<WebhookEndpointRow> listeners, string type, EventData data, DateTimeOffset at)
    {
        var wanting = listeners.Where(endpoint => endpoint.Wants(type)).ToList();
        if (wanting.Count == 0)
        {
            return;
        }

        var payload = Payload(type, data, at);
        foreach (var endpoint in wanting)
        {
            Enqueue(tx, endpoint, type, payload, at);
        }
    }

    /// <summary>One delivery of a finished body; a test is tried once and now.</summary>
    public WebhookDeliveryRow Enqueue(MetadataTransaction tx, WebhookEndpointRow endpoint, string type, string payload, DateTimeOffset at)
    {
        var delays = type == EventTypes.Test ? [TimeSpan.Zero] : options.Webhooks.RetryDelays;
        var row = new WebhookDeliveryRow
        {
            Id = WebhookDeliveryId.New(), EndpointId = endpoint.Id, OrganizationId = endpoint.OrganizationId, EventType = type, Payload = payload,
            State = DeliveryStates.Pending, MaxAttempts = delays.Count, NextAttemptAt = at + delays[0], CreatedAt = at, UpdatedAt = at,
        };
        WebhookDeliveryStore.Insert(tx, row);
        signal.Wake();
        return row;
    }

    public static string Payload(string type, EventData data, DateTimeOffset at) =>
        JsonSerializer.Serialize(new EventEnvelope(EventId.New().ToString(), type, at, data), WebhooksJson.Default.EventEnvelope);
}
