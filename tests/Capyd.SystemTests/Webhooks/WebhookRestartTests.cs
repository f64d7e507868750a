namespace Capyd.SystemTests.Webhooks;

public sealed class WebhookRestartTests
{
    [SystemFact]
    public async Task A_private_address_is_refused_at_the_connect_too_however_it_came_into_the_metadata()
    {
        await using var receiver = new Receiver();
        await using var daemon = CapydDaemon.Embedded(Machine.NewDirectory(), ("CAPYD_WEBHOOKS_RETRY_DELAYS", "0"));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        var endpoints = $"/v1/organizations/{(await api.GetAsync("/v1/me"))["organization"].Text("id")}/webhook-endpoints";
        var created = (await api.PostAsync(endpoints, new JsonObject { ["url"] = "https://1.1.1.1/hook" })).Expect(201);
        var id = created["webhook_endpoint"].Text("id");
        await daemon.Metadata.ExecuteAsync($"UPDATE webhook_endpoints SET url = '{receiver.Url}'");
        var delivery = (await api.PostAsync($"{endpoints}/{id}/test")).Expect(201)["delivery"].Text("id");
        var ended = await Until.FoundAsync("the delivery ends", async () =>
            (await api.GetAsync($"{endpoints}/{id}/deliveries")).Json.Objects("deliveries").FirstOrDefault(row => row.Text("id") == delivery && row.Text("state") == "failed"));
        Assert.Contains("host is not allowed", ended.Text("last_error"), StringComparison.Ordinal);
        Assert.Empty(receiver.All);
    }
}
