using System.Net;
using System.Net.Http.Headers;

namespace Capyd.SystemTests.Exports;

[Collection(nameof(EmbeddedDaemon))]
public sealed class ExportTests(EmbeddedDaemon embedded) : IDisposable
{
    private readonly HttpClient _anybody = new();

    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task An_export_is_downloaded_without_a_key_and_restored_by_pg_restore_alone()
    {
        var project = await FilledAsync("Exported");
        var accepted = (await Api.PostAsync($"/v1/projects/{project}/exports")).Expect(202);
        var id = accepted.Json.Text("export_id");
        var job = await Api.CompletedAsync(accepted.JobId);
        var listed = Assert.Single((await Api.GetAsync($"/v1/projects/{project}/exports")).Expect(200).Json.Objects("exports"));
        Assert.Equal((id, "completed"), (listed.Text("id"), listed.Text("state")));
        Assert.Equal(job["result"]!["size_bytes"]!.GetValue<long>(), listed["size_bytes"]!.GetValue<long>());
        Assert.Equal(7, Math.Round((Time(listed, "expires_at") - Time(listed, "completed_at")).TotalDays));

        var download = await DownloadAsync(project, id);
        Assert.InRange((Time(download, "expires_at") - DateTimeOffset.UtcNow).TotalMinutes, 14, 15.1);
        var file = Path.Combine(Machine.NewDirectory(), "export.dump");
        using (var response = await _anybody.GetAsync(download.Text("download_url")))
        {
            Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(listed["size_bytes"]!.GetValue<long>(), response.Content.Headers.ContentLength);
            Assert.EndsWith(".dump", response.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
            await File.WriteAllBytesAsync(file, await response.Content.ReadAsByteArrayAsync());
        }

        var target = await Api.UrlAsync(await Api.NewProjectAsync("Elsewhere"));
        (await Command.RunAsync(Path.Combine(Machine.PostgresBin, "pg_restore"), "--no-owner", "--no-comments", "--exit-on-error", "-d", target, file)).Good();
        Assert.Equal(await ProjectCalls.ContentAsync(await Api.UrlAsync(project)), await ProjectCalls.ContentAsync(target));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [SystemFact]
    public async Task A_broken_download_is_resumed_and_a_head_tells_the_size()
    {
        var project = await FilledAsync("Resumed");
        var id = await ExportAsync(project);
        var url = (await DownloadAsync(project, id)).Text("download_url");
        var whole = await _anybody.GetByteArrayAsync(url);
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(1000, null) } };
        using var rest = await _anybody.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
        Assert.Equal(whole[1000..], await rest.Content.ReadAsByteArrayAsync());
        using var head = await _anybody.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));
        Assert.Equal((HttpStatusCode.OK, whole.Length), (head.StatusCode, head.Content.Headers.ContentLength));
        using var beyond = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(whole.Length + 5, null) } };
        using var nothing = await _anybody.SendAsync(beyond);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, nothing.StatusCode);
    }

    [SystemFact]
    public async Task A_url_that_was_bent_is_worth_nothing()
    {
        var project = await FilledAsync("Signed");
        var (id, other) = (await ExportAsync(project), await ExportAsync(project));
        var url = new Uri((await DownloadAsync(project, id)).Text("download_url"));
        using var nobody = new ApiClient(embedded.Daemon.Address, null);
        foreach (var bent in new[]
        {
            url.AbsolutePath, url.PathAndQuery.Replace(id, other, StringComparison.Ordinal), url.PathAndQuery.Replace("expires=", "expires=1", StringComparison.Ordinal),
            url.PathAndQuery[..^3], url.PathAndQuery + "&signature=x", url.AbsolutePath + "?expires=99999999999999999999&signature=%00",
            "/v1/exports/..%2f..%2fetc%2fpasswd/content" + url.Query,
        })
        {
            (await nobody.GetAsync(bent)).Refused(403, "signature");
        }

        (await nobody.GetAsync(url.PathAndQuery)).Expect(200);
        (await nobody.PostAsync(url.PathAndQuery)).Expect(405);
        (await nobody.GetAsync($"/v1/projects/{project}/exports/{id}/download")).Expect(401);
    }

    [SystemFact]
    public async Task What_is_not_there_or_not_yours_is_refused()
    {
        var project = await FilledAsync("Strict");
        var id = await ExportAsync(project);
        var other = await Api.NewProjectAsync("Curious");
        (await Api.GetAsync($"/v1/projects/{other}/exports/{id}/download")).Refused(404, "export not found");
        (await Api.GetAsync($"/v1/projects/{project}/exports/exp_aaaaaaaaaaaaaaaaaaaa/download")).Refused(404, "export not found");
        (await Api.PostAsync("/v1/projects/prj_aaaaaaaaaaaaaaaaaaaa/exports")).Refused(404, "project not found");
        using var reader = await embedded.Daemon.ClientAsync("backups:read");
        (await reader.GetAsync($"/v1/projects/{project}/exports")).Expect(200);
        (await reader.PostAsync($"/v1/projects/{project}/exports")).Refused(403, "backups:write");
        (await reader.GetAsync($"/v1/projects/{project}/exports/{id}/download")).Refused(403, "credentials:read");

        var url = new Uri((await DownloadAsync(project, id)).Text("download_url")).PathAndQuery;
        foreach (var (state, status, words) in new[] { ("running", 409, "not finished"), ("expired", 410, "expired"), ("deleting", 410, "expired") })
        {
            await SetStateAsync(id, state);
            (await Api.GetAsync($"/v1/projects/{project}/exports/{id}/download")).Refused(status, words);
            (await Api.GetAsync(url)).Refused(status, words);
        }

        await SetStateAsync(id, "running");
        (await Api.PostAsync($"/v1/projects/{project}/exports")).Refused(409, "active operation");
        await SetStateAsync(id, "completed");
        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET state = 'restoring' WHERE id = '{project}'");
        (await Api.PostAsync($"/v1/projects/{project}/exports")).Refused(409, "active operation");
        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET state = 'ready' WHERE id = '{project}'");
    }

    [SystemFact]
    public async Task An_export_that_failed_says_why_and_another_may_be_made()
    {
        var project = await FilledAsync("Unlucky");
        var database = (await Api.ProjectAsync(project)).Text("database_name");
        await embedded.Superuser.ExecuteAsync("postgres", $"ALTER DATABASE {database} ALLOW_CONNECTIONS false");
        var accepted = (await Api.PostAsync($"/v1/projects/{project}/exports")).Expect(202);
        Assert.Equal("failed", (await Api.EndOfJobAsync(accepted.JobId)).Text("state"));
        var listed = Assert.Single((await Api.GetAsync($"/v1/projects/{project}/exports")).Json.Objects("exports"));
        Assert.Equal("failed", listed.Text("state"));
        Assert.Contains("not currently accepting connections", listed.Text("error"), StringComparison.Ordinal);
        (await Api.GetAsync($"/v1/projects/{project}/exports/{listed.Text("id")}/download")).Refused(409, "the export failed");
        await embedded.Superuser.ExecuteAsync("postgres", $"ALTER DATABASE {database} ALLOW_CONNECTIONS true");
        await ExportAsync(project);
    }

    [SystemFact]
    public async Task No_more_exports_are_kept_than_the_operator_allows()
    {
        var project = await FilledAsync("Hoarder");
        var id = await ExportAsync(project);
        for (var i = 0; i < 9; i++)
        {
            await embedded.Daemon.Metadata.ExecuteAsync($"""
                INSERT INTO exports SELECT '{new string((char)('b' + i), 20).Insert(0, "exp_")}', project_id, organization_id, database_name, object_key || '.{i}',
                  state, size_bytes, error, job_id, expires_at, completed_at, created_at, updated_at FROM exports WHERE id = '{id}'
                """);
        }

        (await Api.PostAsync($"/v1/projects/{project}/exports")).Refused(409, "10 exports of this project are kept");
        await SetStateAsync(id, "expired");
        await ExportAsync(project);
    }

    public void Dispose() => _anybody.Dispose();

    private Task SetStateAsync(string id, string state) => embedded.Daemon.Metadata.ExecuteAsync($"UPDATE exports SET state = '{state}' WHERE id = '{id}'");

    private async Task<string> FilledAsync(string name)
    {
        var project = await Api.NewProjectAsync(name);
        await ProjectCalls.FillAsync(await Api.UrlAsync(project), 500);
        return project;
    }

    private async Task<string> ExportAsync(string project)
    {
        var accepted = (await Api.PostAsync($"/v1/projects/{project}/exports", new JsonObject())).Expect(202);
        await Api.CompletedAsync(accepted.JobId);
        return accepted.Json.Text("export_id");
    }

    private async Task<JsonObject> DownloadAsync(string project, string id) => (await Api.GetAsync($"/v1/projects/{project}/exports/{id}/download")).Expect(200)["download"];

    private static DateTimeOffset Time(JsonObject json, string field) => DateTimeOffset.Parse(json.Text(field), System.Globalization.CultureInfo.InvariantCulture);
}
