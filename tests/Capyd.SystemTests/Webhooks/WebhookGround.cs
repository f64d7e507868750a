using System.Security.Cryptography;
using System.Text;

namespace Capyd.SystemTests.Webhooks;

/// <summary>A daemon that may call this machine, three attempts a second apart, and an impatient second for each.</summary>
public sealed class WebhookGround()
    : DaemonGround(("CAPYD_WEBHOOKS_ALLOW_PRIVATE", "true"), ("CAPYD_WEBHOOKS_TIMEOUT", "1"), ("CAPYD_WEBHOOKS_RETRY_DELAYS", "0,1,1"))
{
    public string Endpoints { get; private set; } = "";

    protected override async Task PrepareAsync() =>
        Endpoints = $"/v1/organizations/{(await Api.GetAsync("/v1/me")).Expect(200)["organization"].Text("id")}/webhook-endpoints";

    /// <summary>A new endpoint's id and secret.</summary>
    public async Task<(string Id, string Secret)> NewEndpointAsync(string url, params string[] events)
    {
        var body = new JsonObject { ["url"] = url, ["event_types"] = new JsonArray([.. events.Select(type => (JsonNode)type)]) };
        var reply = (await Api.PostAsync(Endpoints, body)).Expect(201);
        return (reply["webhook_endpoint"].Text("id"), reply.Json.Text("plaintext_secret"));
    }

    public async Task<IReadOnlyList<JsonObject>> DeliveriesAsync(string endpoint) =>
        (await Api.GetAsync($"{Endpoints}/{endpoint}/deliveries?limit=200")).Expect(200).Json.Objects("deliveries");

    /// <summary>The delivery once it has ended.</summary>
    public Task<JsonObject> EndOfDeliveryAsync(string endpoint, string delivery, int seconds = 30) => Until.FoundAsync(
        $"delivery {delivery} ends",
        async () => (await DeliveriesAsync(endpoint)).FirstOrDefault(row => row.Text("id") == delivery && row.Text("state") != "pending"), seconds);

    public async Task<string> TestAsync(string endpoint) => (await Api.PostAsync($"{Endpoints}/{endpoint}/test")).Expect(201)["delivery"].Text("id");

    /// <summary>Checks a signature as a receiver would.</summary>
    public static bool IsSigned(Received call, string secret)
    {
        var parts = call.Headers["X-CapyDB-Signature"].Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{parts["t"]}.{call.Body}"));
        return parts["v1"] == Convert.ToHexStringLower(expected);
    }
}
