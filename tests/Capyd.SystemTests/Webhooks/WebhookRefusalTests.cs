namespace Capyd.SystemTests.Webhooks;

[Collection(nameof(EmbeddedDaemon))]
public sealed class WebhookRefusalTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemTheory]
    [InlineData("http://example.com/hook", "has to be https")]
    [InlineData("https://127.0.0.1/hook", "host is not allowed")]
    [InlineData("https://localhost/hook", "host is not allowed")]
    [InlineData("https://2130706433/hook", "host is not allowed")]
    [InlineData("https://[::ffff:169.254.169.254]/latest", "host is not allowed")]
    [InlineData("https://metadata.google.internal/", "host is not allowed")]
    [InlineData("https://user:word@1.1.1.1/", "user name")]
    [InlineData("https://1.1.1.1/#x", "fragment")]
    [InlineData("ftp://1.1.1.1/", "has to be https")]
    [InlineData("hook", "url: wants")]
    [InlineData("", "url: wants")]
    public async Task Such_an_address_is_refused(string url, string words) =>
        (await Api.PostAsync(await EndpointsAsync(), new JsonObject { ["url"] = url })).Refused(400, words);

    [SystemFact]
    public async Task Events_that_there_are_not_and_long_texts_are_refused()
    {
        var endpoints = await EndpointsAsync();
        (await Api.PostAsync(endpoints, new JsonObject { ["url"] = "https://1.1.1.1/", ["event_types"] = new JsonArray("job.done") })).Refused(400, "there is no event 'job.done'");
        (await Api.PostAsync(endpoints, new JsonObject { ["url"] = "https://1.1.1.1/", ["event_types"] = new JsonArray("webhook.test") })).Refused(400, "webhook.test");
        (await Api.PostAsync(endpoints, new JsonObject { ["url"] = "https://1.1.1.1/", ["description"] = new string('d', 501) })).Refused(400, "description");
        (await Api.PostAsync(endpoints)).Refused(400, "url: wants");
        (await Api.GetAsync($"{endpoints}/whe_aaaaaaaaaaaaaaaaaaaa/deliveries")).Refused(404, "endpoint not found");
        (await Api.PatchAsync($"{endpoints}/nonsense", new JsonObject())).Refused(404, "endpoint not found");
        (await Api.GetAsync("/v1/organizations/org_aaaaaaaaaaaaaaaaaaaa/webhook-endpoints")).Refused(404, "organization not found");
    }

    [SystemFact]
    public async Task Endpoints_belong_to_the_organization_and_its_scopes()
    {
        var endpoints = await EndpointsAsync();
        using var reader = await embedded.Daemon.ClientAsync("organizations:read");
        (await reader.GetAsync(endpoints)).Expect(200);
        (await reader.PostAsync(endpoints, new JsonObject { ["url"] = "https://1.1.1.1/" })).Refused(403, "organizations:write");
        using var bound = await embedded.Daemon.ClientAsync("*", await Api.NewProjectAsync("Bound to hooks"));
        (await bound.GetAsync(endpoints)).Refused(403, "bound to one project");
    }

    [SystemFact]
    public async Task An_endpoint_is_made_changed_listed_and_removed_with_an_audit_row_each()
    {
        var endpoints = await EndpointsAsync();
        var created = (await Api.PostAsync(endpoints, new JsonObject { ["url"] = "https://1.1.1.1/hook", ["event_types"] = new JsonArray("job.failed", "job.failed") })).Expect(201);
        Assert.StartsWith("whsec_", created.Json.Text("plaintext_secret"), StringComparison.Ordinal);
        var endpoint = created["webhook_endpoint"];
        var id = endpoint.Text("id");
        Assert.True(endpoint["is_active"]!.GetValue<bool>());
        Assert.Single(endpoint["event_types"]!.AsArray());
        Assert.False(endpoint.ContainsKey("description"));
        (await Api.PatchAsync($"{endpoints}/{id}", new JsonObject { ["url"] = "https://10.0.0.1/" })).Refused(400, "host is not allowed");
        (await Api.PatchAsync($"{endpoints}/{id}", new JsonObject { ["url"] = "https://1.1.1.1/other" })).Expect(200);
        (await Api.PostAsync($"{endpoints}/{id}/rotate-secret")).Expect(200);
        var listed = (await Api.GetAsync(endpoints)).Expect(200).Json.Objects("webhook_endpoints").Single(row => row.Text("id") == id);
        Assert.Equal("https://1.1.1.1/other", listed.Text("url"));
        Assert.Equal("healthy", listed.Text("health"));
        (await Api.DeleteAsync($"{endpoints}/{id}")).Expect(200);
        Assert.Equal(
            ["webhook_endpoint.created", "webhook_endpoint.updated", "webhook_endpoint.secret_rotated", "webhook_endpoint.deleted"],
            await embedded.Daemon.Metadata.ListAsync($"SELECT action FROM audit_events WHERE metadata_json LIKE '%{id}%' ORDER BY rowid"));
    }

    private async Task<string> EndpointsAsync() => $"/v1/organizations/{(await Api.GetAsync("/v1/me")).Expect(200)["organization"].Text("id")}/webhook-endpoints";
}
