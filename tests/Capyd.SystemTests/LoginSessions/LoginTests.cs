using System.Net;

namespace Capyd.SystemTests.LoginSessions;

[Collection(nameof(EmbeddedDaemon))]
public sealed class LoginTests(EmbeddedDaemon embedded)
{
    private const string Sessions = "/v1/cli/login/sessions";

    private ApiClient Public => field ??= new ApiClient(embedded.Daemon.Address, null);

    [SystemFact]
    public async Task A_person_on_the_host_authorizes_and_the_key_is_handed_over_once()
    {
        var (id, token) = await StartAsync(new JsonObject { ["name"] = "laptop", ["device_name"] = "box 7", ["source"] = "cli" });
        var pending = (await PollAsync(id, token)).Expect(200).Json;
        Assert.Equal("pending", pending.Text("state"));
        Assert.Null(pending["plaintext_api_key"]);
        Assert.Null(pending["authorized_at"]);
        Assert.Contains("laptop", (await embedded.Daemon.CommandAsync("login", "approve", id)).Good(), StringComparison.Ordinal);
        (await Public.PostAsync($"{Sessions}/{id}/authorize")).Expect(401);

        var completed = (await Public.GetAsync($"{Sessions}/{id}?poll_token={token}")).Expect(200).Json;
        Assert.Equal("completed", completed.Text("state"));
        Assert.Equal("Local", completed.Text("organization_name"));
        (await PollAsync(id, token)).Refused(410, "handed over");
        using var client = new ApiClient(embedded.Daemon.Address, completed.Text("plaintext_api_key"));
        Assert.Equal(completed.Text("organization_id"), (await client.GetAsync("/v1/me")).Expect(200)["organization"].Text("id"));
        var key = (await client.GetAsync($"/v1/organizations/{completed.Text("organization_id")}/api-keys")).Expect(200).Json.Objects("api_keys").First(row => row.Text("name") == "laptop");
        Assert.Equal("cli", key.Text("source"));
        Assert.Equal("box 7", key.Text("device_name"));
        Assert.InRange(DateTimeOffset.Parse(key.Text("expires_at"), null), DateTimeOffset.UtcNow.AddDays(89), DateTimeOffset.UtcNow.AddDays(91));
        Assert.Equal(4, (await embedded.Daemon.CommandAsync("login", "approve", "cli_aaaaaaaaaaaaaaaaaaaa")).ExitCode);
    }

    [SystemFact]
    public async Task A_poll_needs_its_token_and_a_session_ends_after_its_time()
    {
        var (id, token) = await StartAsync(null);
        (await PollAsync(id, "wrong")).Refused(401, "poll token");
        (await Public.GetAsync($"{Sessions}/{id}")).Refused(401, "poll token");
        (await PollAsync("cli_aaaaaaaaaaaaaaaaaaaa", token)).Refused(404, "cli login session not found");
        (await PollAsync("nonsense", token)).Refused(404, "cli login session not found");
        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE login_sessions SET expires_at = 1 WHERE id = '{id}'");
        (await PollAsync(id, token)).Refused(410, "ended");
        var late = await embedded.Daemon.CommandAsync("login", "approve", id);
        Assert.NotEqual(0, late.ExitCode);
        Assert.Contains("ended", late.Errors, StringComparison.Ordinal);
        Assert.Contains("ended", (await PageAsync(HttpMethod.Get, id)).Text, StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task Only_a_credential_that_may_do_as_much_authorizes()
    {
        var (id, token) = await StartAsync(new JsonObject { ["scopes"] = new JsonArray("projects:read", "backups:read"), ["source"] = "agent" });
        using var weak = await embedded.Daemon.ClientAsync("api_keys:write,projects:read");
        var details = (await weak.GetAsync($"{Sessions}/{id}/details")).Expect(200).Json;
        Assert.Equal("agent", details.Text("source"));
        Assert.Equal(["projects:read", "backups:read"], details["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));
        (await weak.PostAsync($"{Sessions}/{id}/authorize")).Refused(403, "backups:read");
        using var keyless = await embedded.Daemon.ClientAsync("projects:read,backups:read");
        (await keyless.PostAsync($"{Sessions}/{id}/authorize")).Refused(403, "api_keys:write");
        using var bound = await embedded.Daemon.ClientAsync("*", await embedded.Api.NewProjectAsync("Bound to log in"));
        (await bound.PostAsync($"{Sessions}/{id}/authorize")).Refused(403, "organization-wide");
        Assert.Equal("pending", (await PollAsync(id, token)).Json.Text("state"));

        (await embedded.Api.PostAsync($"{Sessions}/{id}/authorize")).Expect(200);
        (await embedded.Api.PostAsync($"{Sessions}/{id}/authorize")).Refused(409, "authorized already");
        using var agent = new ApiClient(embedded.Daemon.Address, (await PollAsync(id, token)).Expect(200).Json.Text("plaintext_api_key"));
        (await agent.GetAsync("/v1/projects")).Expect(200);
        (await agent.PostAsync("/v1/projects", new JsonObject { ["name"] = "x" })).Refused(403, "projects:write");
    }

    [SystemFact]
    public async Task Two_polls_at_once_get_one_key()
    {
        var (id, token) = await StartAsync(new JsonObject { ["name"] = "racing" });
        (await embedded.Api.PostAsync($"{Sessions}/{id}/authorize")).Expect(200);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PollAsync(id, token)));
        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Refused(410, "handed over"));
        Assert.Equal("1", await embedded.Daemon.Metadata.OneAsync("SELECT count(*) FROM api_keys WHERE name = 'racing'"));
    }

    [SystemFact]
    public async Task The_page_asks_escapes_and_authorizes()
    {
        var (id, token) = await StartAsync(new JsonObject { ["name"] = "<script>alert(1)</script>", ["device_name"] = "\"><img src=x onerror=alert(1)>" });
        var page = (await PageAsync(HttpMethod.Get, id)).Expect(200);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"capyd login approve {id}", page.Text, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        Assert.Equal("DENY", page.Headers["X-Frame-Options"]);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);

        Assert.Contains("unknown, expired or revoked", (await PageAsync(HttpMethod.Post, id, "capy_live_" + new string('x', 40))).Expect(401).Text, StringComparison.Ordinal);
        (await PageAsync(HttpMethod.Post, id, "")).Expect(401);
        (await PageAsync(HttpMethod.Post, id, new string('x', 30_000))).Expect(400);
        Assert.Contains("Authorized", (await PageAsync(HttpMethod.Post, id, embedded.Api.Key!)).Expect(200).Text, StringComparison.Ordinal);
        Assert.Equal("completed", (await PollAsync(id, token)).Expect(200).Json.Text("state"));
        (await PageAsync(HttpMethod.Get, "cli_aaaaaaaaaaaaaaaaaaaa")).Expect(404);
        (await PageAsync(HttpMethod.Get, "<b>")).Expect(404);
    }

    [SystemTheory]
    [InlineData("""{"source":"robot"}""", "source")]
    [InlineData("""{"scopes":["everything"]}""", "everything")]
    [InlineData("""{"expires_at":"2001-01-01T00:00:00Z"}""", "past")]
    [InlineData("""{"name":"a\u0007b"}""", "name")]
    public async Task A_login_that_could_not_end_well_is_refused_at_once(string body, string words) =>
        (await Public.PostAsync(Sessions, JsonNode.Parse(body))).Refused(400, words);

    private async Task<(string Id, string Token)> StartAsync(JsonObject? body)
    {
        var reply = (await Public.PostAsync(Sessions, body)).Expect(201).Json;
        Assert.Equal("pending", reply.Text("state"));
        Assert.InRange(DateTimeOffset.Parse(reply.Text("expires_at"), null), DateTimeOffset.UtcNow.AddMinutes(8), DateTimeOffset.UtcNow.AddMinutes(11));
        return (reply.Text("session_id"), reply.Text("poll_token"));
    }

    private Task<Reply> PollAsync(string id, string token) => Public.SendAsync(HttpMethod.Get, $"{Sessions}/{id}", null, ("X-CapyDB-Poll-Token", token));

    private async Task<Reply> PageAsync(HttpMethod method, string session, string? credential = null)
    {
        using var http = new HttpClient { BaseAddress = embedded.Daemon.Address };
        using var request = new HttpRequestMessage(method, $"/dashboard/cli/login?session={WebUtility.UrlEncode(session)}");
        request.Content = credential is null ? null : new FormUrlEncodedContent(new Dictionary<string, string> { ["credential"] = credential });
        using var response = await http.SendAsync(request);
        var fields = response.Headers.Concat(response.Content.Headers);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), fields.ToDictionary(field => field.Key, field => string.Join(",", field.Value), StringComparer.OrdinalIgnoreCase));
    }
}
