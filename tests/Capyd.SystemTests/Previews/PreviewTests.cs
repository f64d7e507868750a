namespace Capyd.SystemTests.Previews;

[Collection(nameof(EmbeddedDaemon))]
public sealed class PreviewTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task A_clone_needs_no_body_and_is_a_database_of_its_own()
    {
        var (project, url) = await FilledAsync("Cloned");
        var reply = (await Api.PostAsync(Previews(project))).Expect(201);
        var preview = reply["preview"];
        Assert.Equal($"/v1/preview-databases/{preview.Text("id")}", reply.Headers["Location"]);
        Assert.Equal(("clone", "provisioning", "database"), (preview.Text("mode"), preview.Text("state"), preview.Text("source_kind")));
        Assert.Equal((await Api.ProjectAsync(project)).Text("database_name"), preview.Text("source_database"));
        Assert.Matches("^[a-z]+-[a-z]+$", preview.Text("name"));
        Assert.InRange(Lifetime(preview), TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
        var job = await Api.CompletedAsync(reply.JobId);
        Assert.Equal(("preview.create", "template"), (job.Text("type"), job["result"]!.Text("method")));

        var ready = await PreviewAsync(preview.Text("id"));
        Assert.Equal(("ready", preview.Text("name")), (ready.Text("state"), ready.Text("name")));
        var copy = await Api.PreviewUrlAsync(preview.Text("id"));
        Assert.Equal(await ProjectCalls.ContentAsync(url), await ProjectCalls.ContentAsync(copy));
        await Tenant.ExecuteAsync(copy, "ALTER TABLE orders ADD extra int; DROP VIEW big_orders; DROP TABLE notes; CREATE TABLE mine ()");
        Assert.Equal("42501", await Tenant.RefusalAsync(copy, preview.Text("source_database")));
        Assert.Equal("42501", await Tenant.RefusalAsync(url, preview.Text("database_name")));
        await Api.CompletedAsync(await Api.DeleteAsync($"/v1/preview-databases/{preview.Text("id")}"));
        (await Api.GetAsync($"/v1/preview-databases/{preview.Text("id")}")).Refused(404, "preview not found");
    }

    [SystemFact]
    public async Task A_database_in_use_is_cloned_from_a_snapshot_and_compared()
    {
        var (project, url) = await FilledAsync("In use");
        await using var session = await Tenant.OpenAsync(url);
        await Until.TrueAsync("the sessions that filled it are gone", async () =>
            (await session.ListAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")).Single() == "1");
        var job = await Api.CompletedAsync((await CreateAsync(project, new JsonObject { ["name"] = "beside" })).JobId);
        Assert.Equal(("dump", "sessions are connected: 1"), (job["result"]!.Text("method"), job["result"]!.Text("reason")));
        Assert.Equal((2, 250), (job["result"]!.Number("relations_compared"), job["result"]!.Number("rows_compared")));
        Assert.Equal(await ProjectCalls.ContentAsync(url), await ProjectCalls.ContentAsync(await Api.PreviewUrlAsync(job.Text("preview_database_id"))));
        Assert.Equal("1", (await session.ListAsync("SELECT 1")).Single());
    }

    [SystemFact]
    public async Task A_preview_is_reset_to_the_present_content_under_the_same_address()
    {
        var (project, url) = await FilledAsync("Reset");
        var id = await ReadyAsync(project, new JsonObject { ["name"] = "again" });
        var (before, address) = (await PreviewAsync(id), await Api.PreviewUrlAsync(id));
        await Tenant.ExecuteAsync(address, "DROP TABLE orders CASCADE");
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('since then', 1)");
        var reply = (await Api.PostAsync($"/v1/preview-databases/{id}/reset")).Expect(202);
        Assert.Equal($"/v1/jobs/{reply.JobId}", reply.Headers["Location"]);
        (await Api.PostAsync($"/v1/preview-databases/{id}/reset")).Refused(409, "active operation");
        Assert.Equal("preview.reset", (await Api.CompletedAsync(reply)).Text("type"));

        Assert.Equal(address, await Api.PreviewUrlAsync(id));
        Assert.Equal(await ProjectCalls.ContentAsync(url), await ProjectCalls.ContentAsync(address));
        var after = await PreviewAsync(id);
        Assert.All(["name", "database_name", "role_name", "source_database"], field => Assert.Equal(before.Text(field), after.Text(field)));
        Assert.Equal(before["ttl_expires_at"]!.ToString(), after["ttl_expires_at"]!.ToString());
    }

    [SystemFact]
    public async Task An_empty_preview_starts_blank_and_is_reset_to_blank()
    {
        var (project, _) = await FilledAsync("With an empty one");
        var id = await ReadyAsync(project, new JsonObject { ["mode"] = "empty", ["ttl_hours"] = 168 });
        var preview = await PreviewAsync(id);
        Assert.Equal(("empty", null), (preview.Text("mode"), preview.TextOrNull("source_kind")));
        Assert.InRange(Lifetime(preview), TimeSpan.FromHours(167.9), TimeSpan.FromHours(168.1));
        var address = await Api.PreviewUrlAsync(id);
        await Tenant.ExecuteAsync(address, "CREATE TABLE mine (id uuid DEFAULT gen_random_uuid())");
        await Api.CompletedAsync(await Api.PostAsync($"/v1/preview-databases/{id}/reset"));
        Assert.Equal("0", await Tenant.OneAsync(address, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [SystemFact]
    public async Task What_came_from_a_backup_is_reset_from_it_as_long_as_it_is_there()
    {
        var (project, url) = await FilledAsync("From a backup");
        var content = await ProjectCalls.ContentAsync(url);
        var key = (await Api.NewBackupAsync(project)).Text("backup_key");
        var id = await Api.NewPreviewAsync(project, key);
        var address = await Api.PreviewUrlAsync(id);
        await Tenant.ExecuteAsync(url, "DELETE FROM orders");
        await Tenant.ExecuteAsync(address, "DELETE FROM notes");
        var job = await Api.CompletedAsync(await Api.PostAsync($"/v1/preview-databases/{id}/reset"));
        Assert.Equal("backup", job["result"]!.Text("method"));
        Assert.Equal(content, await ProjectCalls.ContentAsync(address));
        Assert.Equal(("backup", key), ((await PreviewAsync(id)).Text("source_kind"), (await PreviewAsync(id)).Text("source_backup_key")));

        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE backups SET state = 'expired' WHERE backup_key = '{key}'");
        (await Api.PostAsync($"/v1/preview-databases/{id}/reset")).Refused(409, key);
        Assert.Equal("ready", (await PreviewAsync(id)).Text("state"));
    }

    [SystemFact]
    public async Task A_reset_that_fails_leaves_the_old_content()
    {
        var (project, url) = await FilledAsync("Not to be loaded");
        var id = await ReadyAsync(project, new JsonObject());
        var address = await Api.PreviewUrlAsync(id);
        var content = await ProjectCalls.ContentAsync(address);
        await Tenant.ExecuteAsync(url, """
            CREATE FUNCTION known(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT EXISTS (SELECT FROM notes WHERE id = $1)';
            CREATE TABLE fussy (id int CHECK (known(id))); INSERT INTO fussy VALUES (1);
            """);
        await using var session = await Tenant.OpenAsync(url);
        var job = await Api.EndOfJobAsync((await Api.PostAsync($"/v1/preview-databases/{id}/reset")).Expect(202).JobId);
        Assert.Equal("failed", job.Text("state"));
        Assert.Contains("notes", job.Text("error"), StringComparison.Ordinal);
        var preview = await PreviewAsync(id);
        Assert.Equal("ready", preview.Text("state"));
        Assert.StartsWith("reset failed: ", preview.Text("last_error"), StringComparison.Ordinal);
        Assert.Equal(content, await ProjectCalls.ContentAsync(address));
        Assert.Empty(await embedded.Superuser.ListAsync("postgres", @"SELECT datname FROM pg_database WHERE datname LIKE 'capyd\_build\_%'"));
    }

    [SystemFact]
    public async Task Extending_counts_from_now()
    {
        var (project, _) = await FilledAsync("Extended");
        var id = await ReadyAsync(project, new JsonObject { ["mode"] = "empty", ["ttl_hours"] = 100 });
        var extend = $"/v1/preview-databases/{id}/extend";
        var extended = (await Api.PostAsync(extend, new JsonObject { ["ttl_hours"] = 2 })).Expect(200)["preview"];
        Assert.InRange(Lifetime(extended), TimeSpan.FromHours(1.9), TimeSpan.FromHours(2.1));
        extended = (await Api.PostAsync(extend)).Expect(200)["preview"];
        Assert.InRange(Lifetime(extended), TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
        (await Api.PostAsync(extend, new JsonObject { ["ttl_hours"] = 0 })).Refused(400, "ttl_hours");
        (await Api.PostAsync(extend, new JsonObject { ["ttl_hours"] = 169 })).Refused(400, "ttl_hours");
        (await Api.PostAsync("/v1/preview-databases/pvw_aaaaaaaaaaaaaaaaaaaa/extend")).Refused(404, "preview not found");
        Assert.Equal("2", await embedded.Daemon.Metadata.OneAsync($"SELECT count(*) FROM audit_events WHERE action = 'preview.ttl_extended' AND metadata_json LIKE '%{id}%'"));

        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE previews SET ttl_expires_at = 1000 WHERE id = '{id}'");
        (await Api.PostAsync(extend)).Expect(409);
    }

    [SystemTheory]
    [InlineData("""{"mode":"half"}""", 400, "mode")]
    [InlineData("""{"ttl_hours":0}""", 400, "ttl_hours")]
    [InlineData("""{"ttl_hours":169}""", 400, "ttl_hours")]
    [InlineData("""{"ttl_hours":"1"}""", 400, "ttl_hours")]
    [InlineData("""{"name":"taken"}""", 409, "taken")]
    public async Task A_request_that_makes_no_sense_is_refused_with_its_reason(string body, int status, string words)
    {
        var (project, _) = await FilledAsync("Refusing");
        await ReadyAsync(project, new JsonObject { ["name"] = "taken", ["mode"] = "empty" });
        (await Api.PostAsync(Previews(project), JsonNode.Parse(body)!)).Refused(status, words);
    }

    [SystemFact]
    public async Task Limits_and_states_of_the_project_are_heeded()
    {
        var (project, _) = await FilledAsync("Full");
        var empty = new JsonObject { ["mode"] = "empty" };
        foreach (var _ in Enumerable.Range(0, 20))
        {
            (await Api.PostAsync(Previews(project), empty.DeepClone())).Expect(201);
        }

        (await Api.PostAsync(Previews(project), empty)).Refused(400, "limit of 20 previews");
        (await Api.PostAsync(Previews("prj_aaaaaaaaaaaaaaaaaaaa"))).Refused(404, "project not found");
        var created = await Api.PostAsync("/v1/projects", new JsonObject { ["name"] = "Not there yet" });
        var reply = await Api.PostAsync(Previews(created["project"].Text("id")));
        Assert.True(reply.Status == 201 || reply.Refused(409, "project must be ready").Status == 409);
        await Api.CompletedAsync(created.JobId);
        foreach (var preview in await Api.PreviewsAsync(project))
        {
            await Until.TrueAsync("the preview is made", async () => (await PreviewAsync(preview.Text("id"))).Text("state") == "ready");
        }
    }

    [SystemFact]
    public async Task A_key_of_one_project_makes_previews_there_only()
    {
        var (project, _) = await FilledAsync("Bound");
        var (other, _) = await FilledAsync("Other");
        using var bound = await embedded.Daemon.ClientAsync("projects:read,projects:write", project);
        (await bound.PostAsync(Previews(other))).Refused(404, "project not found");
        var foreign = await ReadyAsync(other, new JsonObject { ["mode"] = "empty" });
        (await bound.PostAsync($"/v1/preview-databases/{foreign}/reset")).Refused(404, "preview not found");
        (await bound.PostAsync($"/v1/preview-databases/{foreign}/extend")).Refused(404, "preview not found");
        await Api.CompletedAsync((await bound.PostAsync(Previews(project), new JsonObject { ["mode"] = "empty" })).Expect(201).JobId);
        using var reader = await embedded.Daemon.ClientAsync("projects:read");
        (await reader.PostAsync(Previews(project))).Expect(403);
    }

    private static string Previews(string project) => $"/v1/projects/{project}/preview-databases";

    private async Task<Reply> CreateAsync(string project, JsonObject body) => (await Api.PostAsync(Previews(project), body)).Expect(201);

    private async Task<string> ReadyAsync(string project, JsonObject body) =>
        (await Api.CompletedAsync((await CreateAsync(project, body)).JobId)).Text("preview_database_id");

    private async Task<JsonObject> PreviewAsync(string id) => (await Api.GetAsync($"/v1/preview-databases/{id}")).Expect(200)["preview"];

    private async Task<(string Project, string Url)> FilledAsync(string name)
    {
        var project = await Api.NewProjectAsync(name);
        var url = await Api.UrlAsync(project);
        await ProjectCalls.FillAsync(url);
        return (project, url);
    }

    private static TimeSpan Lifetime(JsonObject preview) => preview["ttl_expires_at"]!.GetValue<DateTimeOffset>() - TimeProvider.System.GetUtcNow();
}
