namespace Capyd.SystemTests.Webhooks;

public sealed class WebhookTests(WebhookGround ground) : IClassFixture<WebhookGround>
{
    private ApiClient Api => ground.Api;

    [SystemFact]
    public async Task The_life_of_a_project_is_told_signed_and_without_secrets()
    {
        await using var receiver = new Receiver();
        var (endpoint, secret) = await ground.NewEndpointAsync(receiver.Url + "hooks?x=1");
        var project = await Api.NewProjectAsync("Told");
        var ready = await receiver.FirstAsync(call => call.Event == "project.ready");
        Assert.True(WebhookGround.IsSigned(ready, secret));
        Assert.Equal("capydb-webhooks/1.0", ready.Headers["User-Agent"]);
        Assert.Equal("application/json", ready.Headers["Content-Type"]);
        Assert.StartsWith("evt_", ready.Json.Text("id"), StringComparison.Ordinal);
        Assert.Equal("project.ready", ready.Json.Text("type"));
        Assert.True(DateTimeOffset.TryParse(ready.Json.Text("created_at"), null, out _));
        Assert.Equal(project, ready.Json["data"]!["project"]!.Text("id"));
        Assert.Equal("ready", ready.Json["data"]!["project"]!.Text("state"));
        Assert.Equal("completed", ready.Json["data"]!["job"]!.Text("state"));

        var password = new Uri(await Api.UrlAsync(project)).UserInfo.Split(':')[1];
        await Api.NewBackupAsync(project);
        var backup = await receiver.FirstAsync(call => call.Event == "backup.completed");
        Assert.Equal("verified", backup.Json["data"]!["backup"]!.Text("verification_state"));
        await Api.CompletedAsync(await Api.PostAsync($"/v1/projects/{project}/credentials/rotate"));
        await receiver.FirstAsync(call => call.Event == "credentials.rotated");
        await Api.CompletedAsync(await Api.DeleteAsync($"/v1/projects/{project}?skip_final_backup=true"));
        await receiver.FirstAsync(call => call.Event == "project.deleted");
        Assert.DoesNotContain(receiver.All, call => call.Body.Contains(password, StringComparison.Ordinal) || call.Body.Contains(secret, StringComparison.Ordinal));
        await Until.TrueAsync("all are delivered", async () => (await ground.DeliveriesAsync(endpoint)).All(row => row.Text("state") == "delivered"));
        var told = await ground.DeliveriesAsync(endpoint);
        Assert.Equal(told.Count, receiver.All.Select(call => call.Delivery).Distinct().Count());
        Assert.InRange(receiver.All.Count, told.Count, told.Sum(row => row.Number("attempts"))); // an answer later than a second is asked for again
        Assert.DoesNotContain(secret, ground.Daemon.Log, StringComparison.Ordinal);
        Assert.Equal("0", await ground.Daemon.Metadata.OneAsync($"SELECT count(*) FROM webhook_endpoints WHERE CAST(secret_sealed AS TEXT) LIKE '%{secret}%'"));
    }

    [SystemFact]
    public async Task An_endpoint_hears_only_what_it_asked_for_and_nothing_while_it_is_off()
    {
        await using var receiver = new Receiver();
        var (endpoint, _) = await ground.NewEndpointAsync(receiver.Url, "backup.completed");
        var project = await Api.NewProjectAsync("Picky");
        await Api.NewBackupAsync(project);
        await receiver.FirstAsync(call => call.Event == "backup.completed");
        Assert.Single(receiver.All);

        var changed = (await Api.PatchAsync($"{ground.Endpoints}/{endpoint}", new JsonObject { ["is_active"] = false, ["event_types"] = new JsonArray(), ["description"] = "quiet" })).Expect(200)["webhook_endpoint"];
        Assert.Empty(changed["event_types"]!.AsArray());
        Assert.Equal("quiet", changed.Text("description"));
        Assert.Equal(receiver.Url, changed.Text("url"));
        (await Api.PostAsync($"{ground.Endpoints}/{endpoint}/test")).Refused(409, "switched off");
        await Api.NewBackupAsync(project);
        Assert.Single(await ground.DeliveriesAsync(endpoint));
        Assert.Single(receiver.All);
    }

    [SystemFact]
    public async Task A_refused_event_is_tried_as_often_as_configured_and_can_be_sent_again()
    {
        await using var receiver = new Receiver { Status = 500 };
        var (endpoint, _) = await ground.NewEndpointAsync(receiver.Url, "project.ready");
        await Api.NewProjectAsync("Stubborn");
        var first = (await Until.FoundAsync("a delivery", async () => (await ground.DeliveriesAsync(endpoint)) is [var row, ..] ? row : null)).Text("id");
        var failed = await ground.EndOfDeliveryAsync(endpoint, first);
        Assert.Equal("failed", failed.Text("state"));
        Assert.Equal(3, failed.Number("attempts"));
        Assert.Equal(3, failed.Number("max_attempts"));
        Assert.Equal(500, failed.Number("response_status"));
        Assert.Contains("answered 500", failed.Text("last_error"), StringComparison.Ordinal);
        Assert.Equal([first, first, first], receiver.All.Select(call => call.Delivery));
        Assert.Equal("failing", (await EndpointAsync(endpoint)).Text("health"));

        receiver.Status = 204;
        var again = (await Api.PostAsync($"{ground.Endpoints}/{endpoint}/deliveries/{first}/redeliver")).Expect(201)["delivery"];
        Assert.NotEqual(first, again.Text("id"));
        Assert.Equal("pending", again.Text("state"));
        var delivered = await ground.EndOfDeliveryAsync(endpoint, again.Text("id"));
        Assert.Equal("delivered", delivered.Text("state"));
        Assert.Equal(204, delivered.Number("response_status"));
        Assert.Equal(failed["payload"]!.Text("id"), delivered["payload"]!.Text("id"));
        Assert.Equal("healthy", (await EndpointAsync(endpoint)).Text("health"));
        (await Api.PostAsync($"{ground.Endpoints}/{endpoint}/deliveries/whd_aaaaaaaaaaaaaaaaaaaa/redeliver")).Refused(404, "delivery not found");
    }

    [SystemFact]
    public async Task A_redirect_is_not_followed_and_a_test_is_tried_once()
    {
        await using var elsewhere = new Receiver();
        await using var receiver = new Receiver { Status = 307, Location = elsewhere.Url };
        var (endpoint, _) = await ground.NewEndpointAsync(receiver.Url);
        var ended = await ground.EndOfDeliveryAsync(endpoint, await ground.TestAsync(endpoint));
        Assert.Equal("failed", ended.Text("state"));
        Assert.Equal(1, ended.Number("attempts"));
        Assert.Contains("redirects are not followed", ended.Text("last_error"), StringComparison.Ordinal);
        Assert.Equal("webhook.test", Assert.Single(receiver.All).Event);
        Assert.Empty(elsewhere.All);
    }

    [SystemFact]
    public async Task An_endpoint_that_hangs_holds_up_no_other()
    {
        await using var hanging = new Receiver { Status = 0 };
        await using var quick = new Receiver();
        var slow = (await ground.NewEndpointAsync(hanging.Url, "project.ready")).Id;
        var fast = (await ground.NewEndpointAsync(quick.Url, "project.ready")).Id;
        var stuck = await ground.TestAsync(slow);
        await hanging.FirstAsync(call => call.Delivery == stuck);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("delivered", (await ground.EndOfDeliveryAsync(fast, await ground.TestAsync(fast), 5)).Text("state"));
        }

        Assert.Contains("no answer within 1 s", (await ground.EndOfDeliveryAsync(slow, stuck)).Text("last_error"), StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task The_old_secret_ends_with_a_rotation()
    {
        await using var receiver = new Receiver();
        var (endpoint, old) = await ground.NewEndpointAsync(receiver.Url);
        var rotated = (await Api.PostAsync($"{ground.Endpoints}/{endpoint}/rotate-secret")).Expect(200).Json.Text("plaintext_secret");
        await ground.TestAsync(endpoint);
        var call = await receiver.FirstAsync(_ => true);
        Assert.False(WebhookGround.IsSigned(call, old));
        Assert.True(WebhookGround.IsSigned(call, rotated));
    }

    [SystemFact]
    public async Task What_is_pending_goes_with_its_endpoint()
    {
        await using var receiver = new Receiver { Status = 0 };
        var (endpoint, _) = await ground.NewEndpointAsync(receiver.Url);
        var delivery = await ground.TestAsync(endpoint);
        await receiver.FirstAsync(call => call.Delivery == delivery);
        Assert.True((await Api.DeleteAsync($"{ground.Endpoints}/{endpoint}")).Expect(200).Json["deleted"]!.GetValue<bool>());
        (await Api.GetAsync($"{ground.Endpoints}/{endpoint}/deliveries")).Refused(404, "endpoint not found");
        (await Api.DeleteAsync($"{ground.Endpoints}/{endpoint}")).Refused(404, "endpoint not found");
        Assert.Equal("0", await ground.Daemon.Metadata.OneAsync($"SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = '{endpoint}'"));
    }

    [SystemFact]
    public async Task A_job_that_fails_is_told_and_a_cancelled_one_too()
    {
        await using var receiver = new Receiver();
        await ground.NewEndpointAsync(receiver.Url, "job.failed");
        var project = await Api.NewProjectAsync("Doomed");
        var job = (await Api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        (await Api.PostAsync($"/v1/jobs/{job}/cancel")).Expect(202);
        var told = await receiver.FirstAsync(call => call.Json["data"]!["job"]!.Text("id") == job);
        Assert.Equal("failed", told.Json["data"]!["job"]!.Text("state"));
        Assert.Equal("cancelled", told.Json["data"]!["job"]!.Text("error"));
    }

    private async Task<JsonObject> EndpointAsync(string id) =>
        (await Api.GetAsync(ground.Endpoints)).Expect(200).Json.Objects("webhook_endpoints").Single(row => row.Text("id") == id);
}
