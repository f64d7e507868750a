using System.Globalization;
using System.Text;
using Capyd.SystemTests.Hostile;

namespace Capyd.SystemTests.Contract;

/// <summary>
/// A public client on the wire: the head and body that it sends, with nothing that a test's HTTP library would add or mend (contract
/// A.8). Each JSON answer is held to what all clients need.
/// </summary>
internal sealed class WireClient(Uri address, string? key, string ownHeaders)
{
    private const string Json = "application/json";

    /// <summary>Written in Go: a body only where there is something to say.</summary>
    public static WireClient Cli(Uri address, string? key) => new(address, key, "User-Agent: capydb-cli/2.1.0\r\nAccept: application/json\r\n");

    public static WireClient Terraform(Uri address, string? key) => new(address, key, "User-Agent: terraform-provider-capydb/0.2.1\r\nAccept: application/json\r\n");

    /// <summary>Written in TypeScript: <c>{}</c> where there is nothing to say.</summary>
    public static WireClient Mcp(Uri address, string? key) =>
        new(address, key, "accept: application/json\r\naccept-language: *\r\nsec-fetch-mode: cors\r\nuser-agent: node\r\n");

    /// <summary>curl, which names a content type also where no body is.</summary>
    public static WireClient Action(Uri address, string? key) => new(address, key, "User-Agent: curl/8.5.0\r\nAccept: */*\r\n");

    public Task<Reply> GetAsync(string path, params string[] headers) => SendAsync("GET", path, null, headers);

    /// <summary>Without a body: no content type, and a length of 0 as Go writes it.</summary>
    public Task<Reply> PostAsync(string path, string? body = null) => SendAsync("POST", path, body);

    public Task<Reply> DeleteAsync(string path) => SendAsync("DELETE", path, null);

    public async Task<Reply> SendAsync(string method, string path, string? body, params string[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n{ownHeaders}");
        head.Append(key is null ? "" : $"Authorization: Bearer {key}\r\n").Append(body is null ? "" : $"Content-Type: {Json}\r\n");
        head.Append(method is "GET" or "DELETE" && body is null ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n"));
        head.AppendJoin("", headers.Select(header => header + "\r\n")).Append("\r\n");
        var reply = await RawRequest.SendAsync(address, head.ToString(), bytes) ?? throw new Xunit.Sdk.XunitException($"no answer to {method} {path}");
        Assert.StartsWith(Json, reply.Headers.GetValueOrDefault("Content-Type", ""), StringComparison.Ordinal);
        Assert.True(WireShape.Problem(reply.Json) is null, $"{method} {path}: {WireShape.Problem(reply.Json)} in {reply.Text}");
        return reply;
    }

    /// <summary>Polls as all clients do, until the state is exactly one of the two words that end a job.</summary>
    public async Task<JsonObject> CompletedAsync(Reply accepted)
    {
        var id = accepted["job"].Text("id");
        Assert.Equal("pending", accepted["job"].Text("state"));
        var job = await Until.FoundAsync($"job {id} ends", async () =>
        {
            var polled = (await GetAsync($"/v1/jobs/{id}")).Expect(200)["job"];
            Assert.Contains(polled.Text("state"), (string[])["pending", "running", "completed", "failed"]);
            return polled.Text("state") is "completed" or "failed" ? polled : null;
        }, 120);
        Assert.True(job.Text("state") == "completed", job.ToJsonString());
        WireShape.Require("job", job, "id", "type", "state", "created_at", "organization_id", "attempts", "max_attempts", "completed_at");
        return job;
    }

    /// <summary>A list: one plural key, never null.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path, string name) => (await GetAsync(path)).Expect(200).Json.Objects(name);
}
