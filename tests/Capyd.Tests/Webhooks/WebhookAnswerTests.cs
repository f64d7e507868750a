using Capyd.Configuration;
using Capyd.Storage.Ids;
using Capyd.Storage.Webhooks;
using Capyd.Webhooks;

namespace Capyd.Tests.Webhooks;

public sealed class WebhookAnswerTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly IReadOnlyList<TimeSpan> Delays = new WebhookOptions().RetryDelays;

    [Fact]
    public void Eight_attempts_come_after_the_waits_of_the_contract()
    {
        var delivery = New(Delays.Count);
        var waits = new List<double> { Delays[0].TotalSeconds };
        while (delivery.State == "pending")
        {
            var now = delivery.NextAttemptAt;
            delivery = new WebhookAnswer(500, "no").Settle(delivery, Delays, now);
            if (delivery.State == "pending")
            {
                waits.Add((delivery.NextAttemptAt - now).TotalSeconds);
            }
        }

        Assert.Equal([0, 10, 60, 300, 1800, 7200, 21600, 43200], waits);
        Assert.Equal(("failed", 8, "no"), (delivery.State, delivery.Attempts, delivery.LastError));
    }

    [Fact]
    public void A_success_ends_it_and_forgets_the_error()
    {
        var failedOnce = new WebhookAnswer(null, "no answer").Settle(New(8), Delays, Start);
        var delivered = new WebhookAnswer(204, null).Settle(failedOnce, Delays, Start.AddSeconds(10));
        Assert.Equal(("delivered", 2, 204), (delivered.State, delivered.Attempts, delivered.ResponseStatus));
        Assert.Null(delivered.LastError);
        Assert.Equal(Start.AddSeconds(10), delivered.DeliveredAt);
    }

    [Fact]
    public void A_test_fails_at_once_and_fewer_delays_after_a_restart_do_no_harm()
    {
        Assert.Equal("failed", new WebhookAnswer(500, "no").Settle(New(1), Delays, Start).State);
        var late = New(8) with { Attempts = 6 };
        Assert.Equal(Start.AddSeconds(3), new WebhookAnswer(500, "no").Settle(late, [TimeSpan.Zero, TimeSpan.FromSeconds(3)], Start).NextAttemptAt);
    }

    private static WebhookDeliveryRow New(int attempts) => new()
    {
        Id = Id<WebhookDeliveryKind>.New(), EndpointId = Id<WebhookEndpointKind>.New(), OrganizationId = Id<OrganizationKind>.New(), EventType = "job.completed",
        Payload = "{}", State = "pending", MaxAttempts = attempts, NextAttemptAt = Start, CreatedAt = Start, UpdatedAt = Start,
    };
}
