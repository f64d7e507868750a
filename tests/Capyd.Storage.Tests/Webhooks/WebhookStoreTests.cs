using Capyd.Storage.Webhooks;

namespace Capyd.Storage.Tests.Webhooks;

public sealed class WebhookStoreTests : IDisposable
{
    private readonly Metadata _metadata = new();

    [Fact]
    public void An_endpoint_reads_back_changes_and_goes_with_its_deliveries()
    {
        var endpoint = NewEndpoint();
        Assert.Equivalent(endpoint, _metadata.Read(s => WebhookEndpointStore.Find(s, endpoint.Id)), strict: true);
        var changed = endpoint with { Url = "https://b.example/", Description = null, EventTypes = [], IsActive = false, SecretSealed = [9] };
        Assert.True(_metadata.Write(tx => WebhookEndpointStore.Update(tx, changed)));
        Assert.Equivalent(changed, Assert.Single(_metadata.Read(s => WebhookEndpointStore.List(s, endpoint.OrganizationId))), strict: true);

        var delivery = NewDelivery(endpoint, TestClock.Now);
        Assert.True(_metadata.Write(tx => WebhookEndpointStore.Delete(tx, endpoint.Id)));
        Assert.False(_metadata.Write(tx => WebhookEndpointStore.Delete(tx, endpoint.Id)));
        Assert.Null(_metadata.Read(s => WebhookDeliveryStore.Find(s, delivery.Id)));
        Assert.False(_metadata.Write(tx => WebhookDeliveryStore.RecordAttempt(tx, delivery with { State = "failed", Attempts = 1 })));
    }

    [Fact]
    public void What_is_due_of_an_active_endpoint_is_found_oldest_first()
    {
        var endpoint = NewEndpoint();
        var later = NewDelivery(endpoint, TestClock.Now.AddMinutes(5));
        var second = NewDelivery(endpoint, TestClock.Now);
        var first = NewDelivery(endpoint, TestClock.Now.AddMinutes(-1));
        Assert.Equal(endpoint.Id, Assert.Single(_metadata.Read(s => WebhookEndpointStore.ListDue(s, TestClock.Now))).Id);
        Assert.Equal(first, _metadata.Read(s => WebhookDeliveryStore.NextDue(s, endpoint.Id, TestClock.Now)));
        Assert.Equal(later.NextAttemptAt, _metadata.Read(s => WebhookDeliveryStore.NextAttemptAfter(s, TestClock.Now)));

        var ended = first with { State = "delivered", Attempts = 1, DeliveredAt = TestClock.Now, ResponseStatus = 200 };
        Assert.True(_metadata.Write(tx => WebhookDeliveryStore.RecordAttempt(tx, ended)));
        Assert.False(_metadata.Write(tx => WebhookDeliveryStore.RecordAttempt(tx, ended)));
        Assert.Equal(second, _metadata.Read(s => WebhookDeliveryStore.NextDue(s, endpoint.Id, TestClock.Now)));
        _metadata.Write(tx => WebhookEndpointStore.Update(tx, endpoint with { IsActive = false }));
        Assert.Empty(_metadata.Read(s => WebhookEndpointStore.ListDue(s, TestClock.Now)));
        Assert.Null(_metadata.Read(s => WebhookDeliveryStore.NextAttemptAfter(s, TestClock.Now)));
    }

    [Fact]
    public void Failing_is_who_was_refused_last()
    {
        var (good, bad, silent) = (NewEndpoint(), NewEndpoint(), NewEndpoint());
        Attempt(NewDelivery(good, TestClock.Now), "failed", 1);
        Attempt(NewDelivery(good, TestClock.Now), "delivered", 2);
        Attempt(NewDelivery(bad, TestClock.Now), "delivered", 1);
        Attempt(NewDelivery(bad, TestClock.Now), "pending", 2);
        NewDelivery(silent, TestClock.Now);
        Assert.Equal([bad.Id], _metadata.Read(s => WebhookEndpointStore.ListFailing(s, _metadata.Organization.Id)));
    }

    [Fact]
    public void Old_deliveries_are_forgotten()
    {
        var delivery = NewDelivery(NewEndpoint(), TestClock.Now);
        Assert.False(_metadata.Read(s => WebhookDeliveryStore.HasOlderThan(s, TestClock.Now)));
        Assert.True(_metadata.Read(s => WebhookDeliveryStore.HasOlderThan(s, TestClock.Now.AddSeconds(1))));
        Assert.Equal(1, _metadata.Write(tx => WebhookDeliveryStore.Prune(tx, TestClock.Now.AddSeconds(1))));
        Assert.Null(_metadata.Read(s => WebhookDeliveryStore.Find(s, delivery.Id)));
    }

    public void Dispose() => _metadata.Dispose();

    private void Attempt(WebhookDeliveryRow delivery, string state, int second) => _metadata.Write(tx => WebhookDeliveryStore.RecordAttempt(tx, delivery with
    {
        State = state, Attempts = 1, DeliveredAt = state == "delivered" ? TestClock.Now : null, UpdatedAt = TestClock.Now.AddSeconds(second),
    }));

    private WebhookEndpointRow NewEndpoint()
    {
        var row = new WebhookEndpointRow
        {
            Id = WebhookEndpointId.New(), OrganizationId = _metadata.Organization.Id, Url = "https://a.example/", Description = "mine", EventTypes = ["job.failed"],
            IsActive = true, SecretSealed = [1, 2], CreatedAt = TestClock.Now, UpdatedAt = TestClock.Now,
        };
        _metadata.Write(tx => WebhookEndpointStore.Insert(tx, row));
        return row;
    }

    private WebhookDeliveryRow NewDelivery(WebhookEndpointRow endpoint, DateTimeOffset due)
    {
        var row = new WebhookDeliveryRow
        {
            Id = WebhookDeliveryId.New(), EndpointId = endpoint.Id, OrganizationId = endpoint.OrganizationId, EventType = "job.failed", Payload = "{\"a\":1}",
            State = "pending", MaxAttempts = 8, NextAttemptAt = due, CreatedAt = TestClock.Now, UpdatedAt = TestClock.Now,
        };
        _metadata.Write(tx => WebhookDeliveryStore.Insert(tx, row));
        return row;
    }
}
