namespace Capyd.SystemTests.Webhooks;

public sealed class AlertEventTests
{
    [SystemFact]
    public async Task An_alert_is_told_when_it_opens_and_when_it_is_over()
    {
        await using var receiver = new Receiver();
        await using var daemon = CapydDaemon.Embedded(
            Machine.NewDirectory(), ("CAPYD_WEBHOOKS_ALLOW_PRIVATE", "true"), ("CAPYD_PLAN_STORAGE_LIMIT", "16MiB"), ("CAPYD_ALERTS_INTERVAL", "1"));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        var organization = (await api.GetAsync("/v1/me"))["organization"].Text("id");
        (await api.PostAsync($"/v1/organizations/{organization}/webhook-endpoints", new JsonObject { ["url"] = receiver.Url, ["event_types"] = new JsonArray("alert.triggered", "alert.resolved") })).Expect(201);
        var project = await api.NewProjectAsync("Full");
        var url = await api.UrlAsync(project);
        await Tenant.ExecuteAsync(url, "CREATE TABLE big AS SELECT n, md5(n::text) || md5((-n)::text) AS t FROM generate_series(1, 60000) n");
        var triggered = await receiver.FirstAsync(call => call.Event == "alert.triggered");
        Assert.Equal(project, triggered.Json["data"]!["alert"]!.Text("project_id"));
        Assert.Equal("storage", triggered.Json["data"]!["alert"]!.Text("kind"));
        await Tenant.ExecuteAsync(url, "SET default_transaction_read_only = off; DROP TABLE big");
        var resolved = await receiver.FirstAsync(call => call.Event == "alert.resolved");
        Assert.Equal(triggered.Json["data"]!["alert"]!.Text("id"), resolved.Json["data"]!["alert"]!.Text("id"));
        Assert.NotNull(resolved.Json["data"]!["alert"]!["resolved_at"]);
    }
}
