using Capyd.Storage.Webhooks;

namespace Capyd.Webhooks;

/// <summary>One attempt, and the record of it. A daemon that dies in between attempts it again: at least once, under the same id.</summary>
internal sealed partial class DeliveryAttempt(
    MetadataDatabase metadata, WebhookSender sender, CapydOptions options, TimeProvider clock, ILogger<DeliveryAttempt> logger)
{
    private static readonly TimeSpan RetryWrite = TimeSpan.FromSeconds(2);

    public async Task RunAsync(WebhookEndpointRow endpoint, WebhookDeliveryRow delivery, CancellationToken stopping)
    {
        var answer = await sender.SendAsync(endpoint, delivery, stopping);
        FaultPoint.Reach("webhook.after_send");
        var ended = answer.Settle(delivery, options.Webhooks.RetryDelays, clock.GetUtcNow());
        await RecordAsync(ended, stopping);
        if (ended.State == DeliveryStates.Failed)
        {
            LogFailed(ended.Id.ToString(), ended.EndpointId.ToString(), ended.Attempts, ended.LastError);
        }
    }

    private async Task RecordAsync(WebhookDeliveryRow ended, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await metadata.WriteAsync(tx => WebhookDeliveryStore.RecordAttempt(tx, ended), CancellationToken.None);
                return;
            }
            catch (MetadataUnavailableException e)
            {
                LogWaits(e.Message);
            }

            await Task.Delay(RetryWrite, clock, stopping);
        }
    }

    [LoggerMessage(9000, LogLevel.Warning, "webhook delivery {Delivery} to endpoint {Endpoint} failed for good after {Attempts} attempts: {Problem}")]
    private partial void LogFailed(string delivery, string endpoint, int attempts, string? problem);

    [LoggerMessage(9001, LogLevel.Error, "the end of a webhook delivery cannot be written and is tried again: {Problem}")]
    private partial void LogWaits(string problem);
}
