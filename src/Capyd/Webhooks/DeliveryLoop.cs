using Capyd.Storage.Webhooks;

namespace Capyd.Webhooks;

/// <summary>
/// Sends what is due: one delivery at a time for each endpoint, oldest first, and many endpoints side by side, so that one that
/// hangs holds up nobody else.
/// </summary>
internal sealed partial class DeliveryLoop(
    MetadataDatabase metadata, DeliveryAttempt attempt, DeliverySignal signal, TimeProvider clock, ILogger<DeliveryLoop> logger) : IBackgroundLoop
{
    private const int MostAtOnce = 64;

    /// <summary>The clock may be set; what is due is looked at again after this long in any case.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Dictionary<WebhookEndpointId, Task> _running = [];

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var woken = signal.NextAsync();
                var next = await StartDueAsync(stopping);
                await WaitAsync(woken, next, stopping);
                await ForgetEndedAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(_running.Values);
        }
    }

    /// <summary>Starts what is due and free, and says when to look again.</summary>
    private async Task<TimeSpan> StartDueAsync(CancellationToken stopping)
    {
        try
        {
            // In the writer's turn: whoever woke this loop from inside a transaction has committed it by then.
            var now = clock.GetUtcNow();
            var (due, next) = await metadata.WriteAsync(tx => (FreeAndDue(tx, now), WebhookDeliveryStore.NextAttemptAfter(tx, now)), stopping);
            foreach (var (endpoint, delivery) in due)
            {
                _running[endpoint.Id] = RunOneAsync(endpoint, delivery, stopping);
            }

            return next is { } at && at - now < LongestWait ? at - now : LongestWait;
        }
        catch (MetadataUnavailableException e)
        {
            LogWaits(e.Message);
            return LongestWait;
        }
    }

    private List<(WebhookEndpointRow Endpoint, WebhookDeliveryRow Delivery)> FreeAndDue(MetadataSession session, DateTimeOffset now) =>
        [.. WebhookEndpointStore.ListDue(session, now)
            .Where(endpoint => !_running.ContainsKey(endpoint.Id))
            .Take(MostAtOnce - _running.Count)
            .Select(endpoint => (endpoint, WebhookDeliveryStore.NextDue(session, endpoint.Id, now)!))];

    private async Task RunOneAsync(WebhookEndpointRow endpoint, WebhookDeliveryRow delivery, CancellationToken stopping)
    {
        try
        {
            await attempt.RunAsync(endpoint, delivery, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogInterrupted(delivery.Id.ToString());
        }
    }

    private async Task WaitAsync(Task woken, TimeSpan next, CancellationToken stopping)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny([.. _running.Values, woken.WaitAsync(timer.Token), Task.Delay(next, clock, timer.Token)]);
        await timer.CancelAsync();
        stopping.ThrowIfCancellationRequested();
    }

    private async Task ForgetEndedAsync()
    {
        foreach (var (endpoint, task) in _running.Where(pair => pair.Value.IsCompleted).ToList())
        {
            _running.Remove(endpoint);
            await task;
        }
    }

    [LoggerMessage(9100, LogLevel.Error, "webhooks wait, because the metadata cannot be used: {Problem}")]
    private partial void LogWaits(string problem);

    [LoggerMessage(9101, LogLevel.Debug, "webhook delivery {Delivery} was interrupted by the end of the daemon; the next one sends it")]
    private partial void LogInterrupted(string delivery);
}
