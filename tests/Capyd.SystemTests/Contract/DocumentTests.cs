using Capyd.SystemTests.OpenApi;
using Xunit.Abstractions;

namespace Capyd.SystemTests.Contract;

/// <summary>The document is well-formed, and the daemon answers requests made from it as it says.</summary>
public sealed class DocumentTests(ITestOutputHelper output) : OwnDaemon
{
    private const int RequestsPerOperation = 14;
    private static readonly int[] Statuses = [200, 201, 202, 400, 401, 403, 404, 409, 410];
    [SystemFact]
    public async Task The_document_keeps_the_rules_of_OpenAPI()
    {
        using var api = await Daemon.ClientAsync();
        Assert.Empty(new DocumentRules(await ApiDescription.LoadAsync(api)).Problems());
    }

    /// <summary><c>CAPYD_FUZZ_SEED</c> repeats a run.</summary>
    [SystemFact]
    public async Task Each_answer_to_a_generated_request_is_declared_and_of_its_schema()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CAPYD_FUZZ_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"CAPYD_FUZZ_SEED={seed}");
        using var api = await Daemon.ClientAsync();
        var document = await ApiDescription.LoadAsync(api);
        var requests = new GeneratedRequests(seed, document, await KnownAsync(api));
        var findings = new Dictionary<string, string>();
        var seen = new SortedDictionary<int, int>();
        foreach (var operation in InOrder(document))
        {
            var request = requests.Make(operation);
            var reply = await api.SendAsync(new HttpMethod(request.Method), request.Path, request.Body);
            seen[reply.Status] = seen.GetValueOrDefault(reply.Status) + 1;
            if (Problem(operation, request, reply) is { } problem)
            {
                findings.TryAdd($"{operation.Method} {operation.Path}: {problem}", $"  {request.Path} {request.Body?.ToJsonString()}\n  answer {reply.Status}: {reply.Text}");
            }

            Assert.True(Daemon.IsRunning, $"seed {seed}: capyd ended at {request}");
        }

        output.WriteLine(string.Join(", ", seen.Select(status => $"{status.Value} × {status.Key}")));
        (await api.GetAsync("/readyz")).Expect(200);
        Assert.True(findings.Count == 0, $"seed {seed}:\n{string.Join('\n', findings.Take(25).Select(finding => $"{finding.Key}\n{finding.Value}"))}");
    }

    /// <summary>Rounds of all; what deletes comes last, so that the others have something to work on.</summary>
    private static IEnumerable<ApiOperation> InOrder(ApiDescription document) => document.Operations.Where(IsPlain).ToLookup(operation => operation.Method == "DELETE")
        .OrderBy(group => group.Key).SelectMany(group => Enumerable.Repeat(group, RequestsPerOperation).SelectMany(operations => operations));

    /// <summary>Streams, signed URLs and metrics have other forms than JSON.</summary>
    private static bool IsPlain(ApiOperation operation) => operation.Path != "/metrics" && !operation.Path.EndsWith("/events", StringComparison.Ordinal) && !operation.Path.StartsWith("/v1/uploads/", StringComparison.Ordinal);

    /// <summary>This daemon keeps no WAL, which base backups need.</summary>
    private static bool IsOff(Reply reply) => reply.Status == 503 && reply.Json.Text("code") == "feature_off";

    private static string? Problem(ApiOperation operation, GeneratedRequest request, Reply reply) =>
        !Statuses.Contains(reply.Status) && !IsOff(reply) ? $"the status {reply.Status}"
        : reply.Status < 300 && !operation.Json["responses"]!.AsObject().ContainsKey(reply.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)) ? $"{reply.Status} is not declared"
        : reply.Status < 300 && request.MustBeRefused ? "taken with a value of the wrong type"
        : operation.Problem(reply) ?? WireShape.Problem(reply.Json);

    /// <summary>One of everything, two projects: one may well be deleted on the way.</summary>
    private static async Task<IReadOnlyDictionary<string, string[]>> KnownAsync(ApiClient api)
    {
        string[] projects = [await api.NewProjectAsync("First", "production"), await api.NewProjectAsync("Second")];
        await Tenant.ExecuteAsync(await api.UrlAsync(projects[0]), "CREATE TABLE documented (id int PRIMARY KEY, note text); INSERT INTO documented VALUES (1, NULL)");
        var backup = await api.NewBackupAsync(projects[0]);
        var preview = await api.NewPreviewAsync(projects[0], backup.Text("backup_key"));
        var organization = (await api.GetAsync("/v1/me"))["organization"].Text("id");
        var endpoint = (await api.PostAsync($"/v1/organizations/{organization}/webhook-endpoints", new JsonObject { ["url"] = "https://1.1.1.1/" })).Expect(201)["webhook_endpoint"].Text("id");
        var point = (await api.PostAsync($"/v1/projects/{projects[0]}/restore-points", new JsonObject { ["label"] = "x", ["backup_key"] = backup.Text("backup_key") })).Expect(201)["restore_point"].Text("id");
        return new Dictionary<string, string[]>
        {
            ["projectId"] = projects, ["organizationId"] = [organization], ["organization_id"] = [organization], ["previewId"] = [preview], ["preview_id"] = [preview],
            ["endpointId"] = [endpoint], ["restorePointId"] = [point], ["restore_point_id"] = [point], ["backup_key"] = [backup.Text("backup_key"), ""],
            ["jobId"] = [(await api.ProjectAsync(projects[0])).Text("latest_job_id")], ["schema"] = ["public", "pg_catalog"], ["table"] = ["documented", "pg_class"],
            ["name"] = ["citext", "uuid-ossp", "postgis"], ["project_id"] = projects,
        };
    }
}
