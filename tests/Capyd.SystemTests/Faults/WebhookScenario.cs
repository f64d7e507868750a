namespace Capyd.SystemTests.Faults;

/// <summary>An event that was sent, and nobody wrote down that it was.</summary>
internal sealed class WebhookScenario : Scenario
{
    private readonly Receiver _receiver = new();
    private string _endpoints = "";
    private string _endpoint = "";

    public override string? JobType => null;

    public override async Task PrepareAsync(FaultGround ground)
    {
        _endpoints = $"/v1/organizations/{(await ground.Api.GetAsync("/v1/me"))["organization"].Text("id")}/webhook-endpoints";
        _endpoint = (await ground.Api.PostAsync(_endpoints, new JsonObject { ["url"] = _receiver.Url })).Expect(201)["webhook_endpoint"].Text("id");
    }

    public override async Task DriveAsync(FaultGround ground)
    {
        await ground.Daemon.WaitUntilReadyAsync();
        await FaultGround.AskAsync(ground.Api.PostAsync($"{_endpoints}/{_endpoint}/test"));
    }

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        await Until.TrueAsync("the event is sent again", () => Task.FromResult(_receiver.All.Count == 2));
        Assert.Single(_receiver.All.Select(call => call.Delivery).Distinct());
        await Until.TrueAsync("it is delivered", async () =>
            (await ground.Api.GetAsync($"{_endpoints}/{_endpoint}/deliveries")).Json.Objects("deliveries").Single().Text("state") == "delivered");
        (await ground.Api.DeleteAsync($"{_endpoints}/{_endpoint}")).Expect(200);
        await _receiver.DisposeAsync();
    }
}
