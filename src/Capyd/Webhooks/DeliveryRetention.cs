using Capyd.Storage.Webhooks;

namespace Capyd.Webhooks;

/// <summary>Deliveries are kept for 30 days, to be looked at and sent again.</summary>
internal sealed class DeliveryRetention(MetadataDatabase metadata, TimeProvider clock) : IDueWork
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public string Name => "old webhook deliveries";

    public async Task TickAsync(CancellationToken stopping)
    {
        var before = clock.GetUtcNow() - Kept;
        if (metadata.Read(session => WebhookDeliveryStore.HasOlderThan(session, before)))
        {
            await metadata.WriteAsync(tx => WebhookDeliveryStore.Prune(tx, before), stopping);
        }
    }
}
