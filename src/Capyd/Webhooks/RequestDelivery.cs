using Capyd.Auth;
using Capyd.Storage.Webhooks;

namespace Capyd.Webhooks;

/// <summary>Deliveries that a caller asks for: a test, tried once, and an earlier one once more.</summary>
internal sealed class RequestDelivery(MetadataDatabase metadata, WebhookOutbox outbox, TimeProvider clock)
{
    public Task<WebhookDeliveryRow> TestAsync(Principal principal, string endpointId, CancellationToken cancellation) => metadata.WriteAsync(tx =>
    {
        var endpoint = FindActive(tx, principal, endpointId);
        var now = clock.GetUtcNow();
        var payload = WebhookOutbox.Payload(EventTypes.Test, new EventData(EndpointId: endpoint.Id.ToString()), now);
        return outbox.Enqueue(tx, endpoint, EventTypes.Test, payload, now);
    }, cancellation);

    /// <summary>The same event under a new delivery id.</summary>
    public Task<WebhookDeliveryRow> RepeatAsync(Principal principal, string endpointId, string deliveryId, CancellationToken cancellation) =>
        metadata.WriteAsync(tx =>
        {
            var endpoint = FindActive(tx, principal, endpointId);
            var earlier = WebhookDeliveryId.TryParse(deliveryId, out var id) ? WebhookDeliveryStore.Find(tx, id) : null;
            return earlier is not null && earlier.EndpointId == endpoint.Id
                ? outbox.Enqueue(tx, endpoint, earlier.EventType, earlier.Payload, clock.GetUtcNow())
                : throw CapydException.NotFound("delivery");
        }, cancellation);

    private static WebhookEndpointRow FindActive(MetadataSession session, Principal principal, string endpointId) =>
        ChangeWebhooks.Find(session, principal, endpointId) is { IsActive: true } endpoint
            ? endpoint
            : throw new CapydException(ErrorCode.WrongState, "the endpoint is switched off, so nothing is sent to it", "PATCH it with is_active true first");
}
