using Capyd.Storage.Webhooks;

namespace Capyd.Webhooks;

/// <summary>How one attempt ended.</summary>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="Error">Null when it was taken.</param>
internal sealed record WebhookAnswer(int? Status, string? Error)
{
    /// <summary>The delivery after this attempt: taken, to be tried again after the delay that is its turn, or failed for good.</summary>
    public WebhookDeliveryRow Settle(WebhookDeliveryRow delivery, IReadOnlyList<TimeSpan> delays, DateTimeOffset now)
    {
        var attempts = delivery.Attempts + 1;
        var ended = delivery with { Attempts = attempts, ResponseStatus = Status, LastError = Error, UpdatedAt = now };
        if (Error is null)
        {
            return ended with { State = DeliveryStates.Delivered, DeliveredAt = now };
        }

        return attempts >= delivery.MaxAttempts
            ? ended with { State = DeliveryStates.Failed }
            : ended with { NextAttemptAt = now + delays[Math.Min(attempts, delays.Count - 1)] };
    }
}
