namespace Capyd.SystemTests.OpenApi;

/// <summary>The document says what the daemon does.</summary>
[Collection(nameof(EmbeddedDaemon))]
public sealed class OpenApiTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task The_document_is_OpenAPI_3_0_and_whole()
    {
        var document = await ApiDescription.LoadAsync(Api);
        Assert.StartsWith("3.0.", document.Json.Text("openapi"), StringComparison.Ordinal);
        Assert.NotEmpty(document.Json["info"]!.Text("version"));
        var ids = document.Operations.Select(operation => operation.Json.Text("operationId")).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        Assert.All(document.Operations, operation =>
        {
            Assert.NotNull(operation.Response(500));
            Assert.Contains(operation.Json["responses"]!.AsObject(), response => response.Key[0] == '2' || response.Key == "403");
            Assert.Equal(
                operation.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')).Order(),
                (operation.Json["parameters"]?.AsArray() ?? []).Where(parameter => parameter!.Text("in") == "path").Select(parameter => parameter!.Text("name")).Order());
        });
        foreach (var reference in References(document.Json))
        {
            document.Resolve(new JsonObject { ["$ref"] = reference });
        }
    }

    [SystemTheory]
    [InlineData("GET", "/v1/projects")]
    [InlineData("POST", "/v1/projects")]
    [InlineData("GET", "/v1/projects/{projectId}")]
    [InlineData("PATCH", "/v1/projects/{projectId}")]
    [InlineData("DELETE", "/v1/projects/{projectId}")]
    [InlineData("GET", "/v1/projects/{projectId}/preview-databases")]
    [InlineData("DELETE", "/v1/preview-databases/{previewId}")]
    [InlineData("GET", "/v1/projects/{projectId}/scheduled-backups")]
    [InlineData("PUT", "/v1/projects/{projectId}/scheduled-backups/default")]
    [InlineData("GET", "/v1/projects/{projectId}/backups")]
    [InlineData("POST", "/v1/projects/{projectId}/backups")]
    [InlineData("POST", "/v1/projects/{projectId}/restores")]
    [InlineData("GET", "/v1/projects/{projectId}/extensions")]
    [InlineData("POST", "/v1/projects/{projectId}/extensions")]
    [InlineData("DELETE", "/v1/projects/{projectId}/extensions/{name}")]
    [InlineData("GET", "/v1/projects/{projectId}/restore-points")]
    [InlineData("POST", "/v1/projects/{projectId}/restore-points")]
    [InlineData("DELETE", "/v1/projects/{projectId}/restore-points/{restorePointId}")]
    [InlineData("POST", "/v1/projects/{projectId}/imports")]
    [InlineData("POST", "/v1/projects/{projectId}/imports/uploads")]
    [InlineData("POST", "/v1/projects/{projectId}/imports/preflight")]
    public async Task Each_seed_endpoint_of_this_stage_is_in_the_document(string method, string path) =>
        Assert.Single((await ApiDescription.LoadAsync(Api)).Operations, operation => operation.Method == method && operation.Path == path);

    [SystemFact]
    public async Task Real_answers_are_what_the_document_declares()
    {
        var document = await ApiDescription.LoadAsync(Api);
        var project = await Api.NewProjectAsync("Documented");
        await Tenant.ExecuteAsync(await Api.UrlAsync(project), "CREATE TABLE documented (id int PRIMARY KEY, note text); INSERT INTO documented VALUES (1, NULL)");
        await Api.NewPreviewAsync(project, (await Api.NewBackupAsync(project)).Text("backup_key"));
        (await Api.PutAsync($"/v1/projects/{project}/scheduled-backups/default", new JsonObject { ["cron_hour"] = 1, ["cron_minute"] = 2, ["is_active"] = false })).Expect(200);
        var export = (await Api.PostAsync($"/v1/projects/{project}/exports")).Expect(202);
        await Api.CompletedAsync(export.JobId);
        var organization = (await Api.GetAsync("/v1/me"))["organization"].Text("id");
        var endpoint = (await Api.PostAsync($"/v1/organizations/{organization}/webhook-endpoints", new JsonObject { ["url"] = "https://1.1.1.1/" })).Expect(201)["webhook_endpoint"].Text("id");
        var login = (await Api.PostAsync("/v1/cli/login/sessions")).Expect(201).Json;
        var problems = new List<string>();
        foreach (var operation in document.Operations.Where(operation => operation.Method == "GET" && !operation.Path.EndsWith("/events", StringComparison.Ordinal) && !NeedsWal(operation)))
        {
            var path = operation.Path.Replace("{projectId}", project, StringComparison.Ordinal).Replace("{organizationId}", organization, StringComparison.Ordinal)
                .Replace("{schema}", "public", StringComparison.Ordinal).Replace("{table}", "documented", StringComparison.Ordinal)
                .Replace("{endpointId}", endpoint, StringComparison.Ordinal).Replace("{sessionId}", login.Text("session_id"), StringComparison.Ordinal)
                .Replace("{jobId}", (await Api.ProjectAsync(project)).Text("latest_job_id"), StringComparison.Ordinal)
                .Replace("{exportId}", export.Json.Text("export_id"), StringComparison.Ordinal)
                .Replace("{previewId}", (await Api.PreviewsAsync(project))[0].Text("id"), StringComparison.Ordinal);
            var query = operation.QueryNames.Contains("poll_token") ? $"?poll_token={login.Text("poll_token")}" : "";
            var reply = (await Api.GetAsync(path + query)).Expect(200);
            problems.AddRange(operation.Problem(reply) is { } problem ? [$"{operation.Method} {path}: {problem}"] : []);
        }

        Assert.Empty(problems);
    }

    /// <summary>This daemon keeps no WAL, and so has no base backup and no drill.</summary>
    private static bool NeedsWal(ApiOperation operation) =>
        operation.Path.Contains("{baseBackupId}", StringComparison.Ordinal) || operation.Path.Contains("{drillId}", StringComparison.Ordinal);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Key == "$ref" ? [field.Value!.GetValue<string>()] : References(field.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
