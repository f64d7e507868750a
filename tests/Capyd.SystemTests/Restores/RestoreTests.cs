namespace Capyd.SystemTests.Restores;

[Collection(nameof(EmbeddedDaemon))]
public sealed class RestoreTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task A_restore_goes_into_a_new_preview_unless_told_otherwise()
    {
        var (project, url, key) = await BackedUpAsync("Previewed");
        var job = await Api.CompletedAsync(await Api.RestoreAsync(project, new JsonObject
        {
            ["backup_key"] = key, ["restore_point_id"] = "", ["preview_name"] = "look", ["ttl_hours"] = 2,
        }));
        Assert.Equal(key, job["result"]!.Text("backup_key"));
        var preview = (await Api.PreviewsAsync(project)).Single();
        Assert.Equal(job.Text("preview_database_id"), preview.Text("id"));
        Assert.Equal(("look", "ready", "backup", key), (preview.Text("name"), preview.Text("state"), preview.Text("source_kind"), preview.Text("source_backup_key")));
        Assert.InRange(preview["ttl_expires_at"]!.GetValue<DateTimeOffset>() - preview["created_at"]!.GetValue<DateTimeOffset>(), TimeSpan.FromHours(1.9), TimeSpan.FromHours(2.1));

        var copy = await Api.PreviewUrlAsync(preview.Text("id"));
        Assert.Equal(await ProjectCalls.ContentAsync(url), await ProjectCalls.ContentAsync(copy));
        await Tenant.ExecuteAsync(copy, "INSERT INTO orders (customer, total) VALUES ('only here', 1); CREATE TABLE mine ()");
        Assert.Equal("42501", await Tenant.RefusalAsync(copy, (await Api.ProjectAsync(project)).Text("database_name")));
        (await Api.RestoreAsync(project, new JsonObject { ["backup_key"] = key, ["preview_name"] = "look" })).Refused(409, "look");

        await Api.CompletedAsync(await Api.DeleteAsync($"/v1/preview-databases/{preview.Text("id")}"));
        Assert.Empty(await Api.PreviewsAsync(project));
        (await Api.GetAsync($"/v1/preview-databases/{preview.Text("id")}/connections")).Refused(404, "preview not found");
        Assert.Empty(await embedded.Superuser.ListAsync("postgres", $"SELECT rolname FROM pg_roles WHERE rolname = '{preview.Text("role_name")}'"));
    }

    [SystemFact]
    public async Task A_preview_is_restored_again_under_the_same_address()
    {
        var (project, url, key) = await BackedUpAsync("Refreshed");
        var preview = await Api.NewPreviewAsync(project, key);
        var address = await Api.PreviewUrlAsync(preview);
        await Tenant.ExecuteAsync(address, "DELETE FROM orders");
        await Api.CompletedAsync(await Api.RestoreAsync(project, new JsonObject { ["backup_key"] = key, ["target_kind"] = "preview", ["preview_id"] = preview }));
        Assert.Equal(address, await Api.PreviewUrlAsync(preview));
        Assert.Equal(await ProjectCalls.ContentAsync(url), await ProjectCalls.ContentAsync(address));
        (await Api.RestoreAsync(project, new JsonObject { ["backup_key"] = key, ["target_kind"] = "preview" })).Refused(400, "preview_id");
        (await Api.RestoreAsync(project, new JsonObject { ["backup_key"] = key, ["target_kind"] = "preview", ["preview_id"] = "pvw_aaaaaaaaaaaaaaaaaaaa" })).Refused(404, "preview not found");
    }

    [SystemFact]
    public async Task Overwriting_a_project_needs_approval_and_undo_brings_the_replaced_content_back()
    {
        var (project, url, key) = await BackedUpAsync("Overwritten");
        var before = await ProjectCalls.ContentAsync(url);
        await Tenant.ExecuteAsync(url, "DELETE FROM orders WHERE id > 3; INSERT INTO notes (id) VALUES (1000)");
        var changed = await ProjectCalls.ContentAsync(url);
        var body = new JsonObject { ["backup_key"] = key, ["target_kind"] = "project" };
        (await Api.RestoreAsync(project, body)).Refused(400, "this action requires an approval token");
        body["confirm_project_overwrite"] = true;
        (await Api.RestoreAsync(project, body)).Refused(400, "this action requires an approval token");
        body["approval_token"] = await embedded.ApproveAsync(project, "project.delete");
        (await Api.RestoreAsync(project, body)).Refused(400, "this action requires an approval token");

        await using var session = await Tenant.OpenAsync(url);
        body["approval_token"] = await embedded.ApproveAsync(project, "project.restore_overwrite");
        var accepted = (await Api.RestoreAsync(project, body)).Expect(202);
        await Api.CompletedAsync(accepted);
        Assert.Equal(before, await ProjectCalls.ContentAsync(url));
        Assert.Equal(accepted.JobId, (await Api.RestoreAsync(project, body)).Expect(202).JobId);

        await UndoAsync(project);
        Assert.Equal(changed, await ProjectCalls.ContentAsync(url));
        await UndoAsync(project);
        Assert.Equal(before, await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('after', 1); CREATE TABLE later (n int)");
    }

    [SystemFact]
    public async Task A_production_project_is_not_overwritten()
    {
        var (project, _, key) = await BackedUpAsync("Precious");
        (await Api.PatchAsync($"/v1/projects/{project}", new JsonObject { ["environment"] = "production" })).Expect(200);
        var token = await embedded.ApproveAsync(project, "project.restore_overwrite");
        (await Api.RestoreAsync(project, new JsonObject { ["backup_key"] = key, ["target_kind"] = "project", ["approval_token"] = token })).Refused(409, "production");
    }

    [SystemFact]
    public async Task There_is_nothing_to_undo_before_a_restore()
    {
        var project = await Api.NewProjectAsync("Never restored");
        (await Api.PostAsync($"/v1/projects/{project}/restores/undo")).Refused(409, "no restore to undo");
    }

    [SystemTheory]
    [InlineData("""{}""", 400, "exactly one")]
    [InlineData("""{"backup_key":""}""", 400, "exactly one")]
    [InlineData("""{"backup_key":"KEY","restore_time":"2026-01-01T00:00:00Z"}""", 400, "exactly one")]
    [InlineData("""{"restore_time":"2026-01-01T00:00:00Z"}""", 400, "restore_time")]
    [InlineData("""{"restore_time":"soon"}""", 400, "restore_time")]
    [InlineData("""{"backup_key":"../../etc/passwd"}""", 404, "backup not found")]
    [InlineData("""{"backup_key":"KEY","target_kind":"elsewhere"}""", 400, "target_kind")]
    [InlineData("""{"backup_key":"KEY","ttl_hours":169}""", 400, "ttl_hours")]
    public async Task A_request_that_makes_no_sense_is_refused_with_its_reason(string body, int status, string words)
    {
        var (project, key) = await SharedAsync();
        (await Api.RestoreAsync(project, JsonNode.Parse(body.Replace("KEY", key, StringComparison.Ordinal))!.AsObject())).Refused(status, words);
    }

    [SystemFact]
    public async Task A_backup_of_another_living_project_is_not_found()
    {
        var (_, key) = await SharedAsync();
        var other = await Api.NewProjectAsync("Foreign");
        (await Api.RestoreAsync(other, new JsonObject { ["backup_key"] = key })).Refused(404, "backup not found");
    }

    private async Task UndoAsync(string project) => await Api.CompletedAsync(await Api.PostAsync($"/v1/projects/{project}/restores/undo"));

    private async Task<(string Project, string Url, string Key)> BackedUpAsync(string name)
    {
        var project = await Api.NewProjectAsync(name);
        var url = await Api.UrlAsync(project);
        await ProjectCalls.FillAsync(url);
        return (project, url, (await Api.NewBackupAsync(project)).Text("backup_key"));
    }

    private async Task<(string Project, string Key)> SharedAsync()
    {
        var known = (await Api.GetAsync("/v1/projects")).Json.Objects("projects").FirstOrDefault(project => project.Text("name") == "Shared source")?.Text("id");
        if (known is not null)
        {
            return (known, (await Api.BackupsAsync(known))[0].Text("backup_key"));
        }

        var (project, _, key) = await BackedUpAsync("Shared source");
        return (project, key);
    }
}
