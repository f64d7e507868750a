using System.Text;
using Capyd.SystemTests.OpenApi;
using Xunit.Abstractions;

namespace Capyd.SystemTests.Hostile;

/// <summary>Every route takes what no honest client would send, and stays polite.</summary>
public sealed class HostileRequestTests(ITestOutputHelper output) : OwnDaemon
{
    private const int Requests = 1400;

    /// <summary><c>CAPYD_FUZZ_SEED</c> repeats a run, and <c>CAPYD_FUZZ_REQUESTS</c> makes a longer one.</summary>
    [SystemFact]
    public async Task No_request_breaks_the_daemon_or_gets_more_than_a_plain_refusal()
    {
        var seed = Given("CAPYD_FUZZ_SEED") ?? Random.Shared.Next();
        var requests = Given("CAPYD_FUZZ_REQUESTS") ?? Requests;
        output.WriteLine($"CAPYD_FUZZ_SEED={seed}");
        using var api = await Daemon.ClientAsync();
        await api.NewProjectAsync("Bystander");
        var operations = (await ApiDescription.LoadAsync(api)).Operations;
        var secrets = await SecretsAsync(api);
        var maker = new HostileMaker(seed);
        var findings = new Dictionary<string, string>();
        for (var i = 0; i < requests; i++)
        {
            var operation = operations[i % operations.Count];
            var (head, body) = maker.Make(operation, api.Key!);
            if (await RawRequest.SendAsync(Daemon.Address, head, body) is { } reply && Problem(reply, operation, head, secrets) is { } problem)
            {
                findings.TryAdd($"{problem}: {operation.Method} {operation.Path}", $"  {Clip(head)}\n  body: {Clip(Encoding.UTF8.GetString(body))}\n  answer {reply.Status}: {Clip(reply.Text)}");
            }

            Assert.True(Daemon.IsRunning, $"seed {seed}: capyd ended at {Clip(head)}{Clip(Encoding.UTF8.GetString(body))}");
        }

        (await api.GetAsync("/readyz")).Expect(200);
        Assert.Single((await api.GetAsync("/v1/projects")).Expect(200).Json.Objects("projects"), project => project.Text("name") == "Bystander");
        Assert.True(findings.Count == 0, $"seed {seed}: {findings.Count} kinds of findings\n{string.Join('\n', findings.Take(25).Select(finding => $"{finding.Key}\n{finding.Value}"))}");
        Assert.DoesNotContain(secrets, secret => Daemon.Log.Contains(secret, StringComparison.Ordinal));
    }

    private static int? Given(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), out var given) ? given : null;

    private static string? Problem(Reply reply, ApiOperation operation, string head, IReadOnlyList<string> secrets)
    {
        if (reply.Status >= 500)
        {
            return "a server fault";
        }

        if (secrets.Any(secret => reply.Text.Contains(secret, StringComparison.Ordinal)))
        {
            return "a secret in the answer";
        }

        if (reply.Text.Contains("   at ", StringComparison.Ordinal) || reply.Text.Contains("System.", StringComparison.Ordinal))
        {
            return "inner workings in the answer";
        }

        // What Kestrel itself refuses (a malformed head) never reaches capyd and has no body; HEAD has none either.
        var reached = reply.Headers.ContainsKey("X-Request-Id") && !head.StartsWith("HEAD", StringComparison.Ordinal);
        if (reached && reply.Status >= 400 && !HasError(reply))
        {
            return "a refusal without error";
        }

        // Dots in the path may have led to another operation.
        var meant = head.StartsWith(operation.Method + " ", StringComparison.Ordinal) && !head.Contains("..", StringComparison.Ordinal) && !head.Contains("%2e", StringComparison.Ordinal);
        return reached && meant && !IsStream(reply) ? operation.Problem(reply) : null;
    }

    private static bool IsStream(Reply reply) => reply.Headers.GetValueOrDefault("Content-Type")?.StartsWith("text/event-stream", StringComparison.Ordinal) == true;

    private static bool HasError(Reply reply)
    {
        try
        {
            return JsonNode.Parse(reply.Text) is JsonObject body && body["error"] is JsonValue error && error.GetValue<string>().Length > 0;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    /// <summary>What may never be seen in an answer or the log: the key, the password, and the key file in its usual spellings.</summary>
    private async Task<IReadOnlyList<string>> SecretsAsync(ApiClient api)
    {
        var project = (await api.GetAsync("/v1/projects")).Json.Objects("projects")[0].Text("id");
        var password = new Uri(await api.UrlAsync(project)).UserInfo.Split(':')[1];
        var file = await File.ReadAllBytesAsync(Path.Combine(Daemon.DataDirectory, "secret.key"));
        return [api.Key!, password, Convert.ToBase64String(file), Convert.ToHexStringLower(file)];
    }

    private static string Clip(string text) => (text.Length > 500 ? text[..500] + "…" : text).Replace("\r\n", " | ", StringComparison.Ordinal);
}
