namespace Capyd.SystemTests.Projects;

[Collection(nameof(EmbeddedDaemon))]
public sealed class ProjectTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task A_new_project_becomes_ready_and_all_its_fields_are_true()
    {
        var created = (await Api.PostAsync("/v1/projects", new JsonObject { ["name"] = "Field Shop", ["unknown"] = new JsonArray(1, "x") })).Expect(201);
        var project = created["project"];
        Assert.Equal("provisioning", project.Text("state"));
        Assert.Null(project["public_host"]);
        Assert.Equal($"/v1/projects/{project.Text("id")}", created.Headers["Location"]);
        Assert.Equal("project.provision", created["job"].Text("type"));
        await Api.CompletedAsync(created.JobId);

        var ready = await Api.ProjectAsync(project.Text("id"));
        Assert.Equal("ready", ready.Text("state"));
        Assert.Equal("Field Shop", ready.Text("name"));
        Assert.Equal("field-shop", ready.Text("slug"));
        Assert.Equal("production", ready.Text("environment"));
        Assert.Equal("local", ready.Text("region"));
        Assert.Equal("business", ready.Text("plan"));
        Assert.Equal("127.0.0.1", ready.Text("public_host"));
        Assert.Equal(embedded.Superuser.Port, ready.Number("direct_port"));
        Assert.Equal(embedded.Daemon.PoolerPort, ready.Number("pooled_port"));
        Assert.Equal("disable", ready.Text("ssl_mode"));
        Assert.Equal("active", ready.Text("runtime_status"));
        Assert.Equal("10min", ready.Text("idle_transaction_timeout"));
        Assert.Equal("0", ready.Text("statement_timeout"));
        Assert.True(ready["always_on"]!.GetValue<bool>());
        Assert.Equal(ready.Text("cluster_id"), ready.Text("primary_instance_id"));
        Assert.Equal(created.JobId, ready.Text("latest_job_id"));
        Assert.False(ready.ContainsKey("last_error"));
        Assert.Equal(60, ready.Number("max_connections"));
        Assert.Equal(50L << 30, ready["storage_limit_bytes"]!.GetValue<long>());
        Assert.Equal(Path.GetFileName(Path.GetDirectoryName(Machine.PostgresBin)), ready.Text("postgres_version"));
        Assert.True(ready["updated_at"]!.GetValue<DateTimeOffset>() >= ready["created_at"]!.GetValue<DateTimeOffset>());
        Assert.EndsWith("Z", ready.Text("created_at").Replace("+00:00", "Z", StringComparison.Ordinal), StringComparison.Ordinal);

        var database = ready.Text("database_name");
        Assert.Equal(ready.Text("role_name"), await embedded.Superuser.OneAsync("postgres", $"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{database}'"));
    }

    [SystemFact]
    public async Task A_taken_slug_is_refused_and_a_derived_one_gets_a_number()
    {
        await Api.NewProjectAsync("Twice");
        var second = await Api.NewProjectAsync("Twice");
        Assert.Equal("twice-2", (await Api.ProjectAsync(second)).Text("slug"));
        (await Api.PostAsync("/v1/projects", new JsonObject { ["name"] = "x", ["slug"] = "twice" })).Refused(409, "twice");
    }

    [SystemTheory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":"  "}""", "name")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"name":"a","slug":"Not A Slug"}""", "slug")]
    [InlineData("""{"name":"a","slug":"-x"}""", "slug")]
    [InlineData("""{"name":"a","environment":"nonproduction"}""", "environment must be one of production or non_production")]
    [InlineData("""{"name":"a","region":"mars"}""", "region")]
    [InlineData("""{"name":"a","postgres_version":"9"}""", "unsupported postgres version 9")]
    [InlineData("""{"name":7}""", "name")]
    public async Task A_bad_field_is_named(string body, string words) =>
        (await Api.PostAsync("/v1/projects", JsonNode.Parse(body))).Refused(400, words);

    [SystemFact]
    public async Task Only_environment_and_always_on_can_be_changed()
    {
        var id = await Api.NewProjectAsync("Changeable", "production");
        var changed = (await Api.PatchAsync($"/v1/projects/{id}", new JsonObject { ["environment"] = "non_production", ["always_on"] = false })).Expect(200)["project"];
        Assert.Equal("non_production", changed.Text("environment"));
        Assert.False(changed["always_on"]!.GetValue<bool>());
        Assert.Equal("non_production", (await Api.PatchAsync($"/v1/projects/{id}", new JsonObject())).Expect(200)["project"].Text("environment"));
        (await Api.PatchAsync($"/v1/projects/{id}", new JsonObject { ["name"] = "Other" })).Refused(400, "name");
        (await Api.PatchAsync($"/v1/projects/{id}", new JsonObject { ["environment"] = "prod" })).Refused(400, "environment must be one of");
    }

    [SystemFact]
    public async Task A_production_project_is_deleted_only_with_a_persons_approval_and_leaves_a_final_backup()
    {
        var id = await Api.NewProjectAsync("Dear", "production");
        var other = await Api.NewProjectAsync("Bystander", "production");
        await ProjectCalls.FillAsync(await Api.UrlAsync(id), 20);
        var project = await Api.ProjectAsync(id);
        (await Api.DeleteAsync($"/v1/projects/{id}")).Refused(400, "this action requires an approval token");
        (await Api.DeleteAsync($"/v1/projects/{id}?approval_token=ap_wrong")).Refused(400, "this action requires an approval token");
        (await Api.PostAsync($"/v1/projects/{id}/approvals", new JsonObject { ["action"] = "project.delete" })).Refused(403, "an approval must come from a person");
        var foreign = await embedded.ApproveAsync(other, "project.delete");
        (await Api.DeleteAsync($"/v1/projects/{id}?approval_token={foreign}")).Refused(400, "this action requires an approval token");

        var token = await embedded.ApproveAsync(project.Text("slug"), "project.delete");
        Assert.StartsWith("ap_", token, StringComparison.Ordinal);
        var accepted = (await Api.DeleteAsync($"/v1/projects/{id}?approval_token={token}")).Expect(202);
        await Api.CompletedAsync(accepted.JobId);
        (await Api.GetAsync($"/v1/projects/{id}")).Refused(404, "project not found");
        (await Api.GetAsync($"/v1/projects/{id}/connections")).Refused(404, "project not found");
        Assert.Empty(await embedded.Superuser.ListAsync("postgres", $"SELECT 1 FROM pg_database WHERE datname = '{project.Text("database_name")}'"));
        Assert.Empty(await embedded.Superuser.ListAsync("postgres", $"SELECT 1 FROM pg_roles WHERE rolname = '{project.Text("role_name")}'"));

        var key = await embedded.Daemon.Metadata.OneAsync($"SELECT backup_key FROM backups WHERE project_id = '{id}' AND label = 'final' AND verification_state = 'verified'");
        Assert.True(File.Exists(Path.Combine(embedded.Daemon.Repository, key!)));
        var preview = await Api.NewPreviewAsync(other, key!);
        Assert.Equal("20", await Tenant.OneAsync(await Api.PreviewUrlAsync(preview), "SELECT count(*) FROM orders"));
    }

    [SystemFact]
    public async Task A_final_backup_can_be_waived_and_the_slug_is_free_again()
    {
        var id = await Api.NewProjectAsync("Brief");
        await Api.CompletedAsync(await Api.DeleteAsync($"/v1/projects/{id}?skip_final_backup=true"));
        Assert.Empty(await embedded.Daemon.Metadata.ListAsync($"SELECT id FROM backups WHERE project_id = '{id}'"));
        Assert.Equal("brief", (await Api.ProjectAsync(await Api.NewProjectAsync("Brief"))).Text("slug"));
    }

    [SystemFact]
    public async Task A_project_that_is_not_failed_is_not_provisioned_again()
    {
        var id = await Api.NewProjectAsync("Sound");
        (await Api.PostAsync($"/v1/projects/{id}/retry-provisioning")).Refused(409, "project is not failed");
    }

    [SystemFact]
    public async Task A_failed_project_is_provisioned_again_by_retry()
    {
        var id = await Api.NewProjectAsync("Mended");
        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET state = 'failed', last_error = 'for the test' WHERE id = '{id}'");
        (await Api.GetAsync($"/v1/projects/{id}/connections")).Refused(409, "project must be ready");
        (await Api.PostAsync($"/v1/projects/{id}/backups")).Refused(409, "project must be ready");
        await Api.CompletedAsync(await Api.PostAsync($"/v1/projects/{id}/retry-provisioning"));
        var project = await Api.ProjectAsync(id);
        Assert.Equal("ready", project.Text("state"));
        Assert.False(project.ContainsKey("last_error"));
        Assert.Equal("1", await Tenant.OneAsync(await Api.UrlAsync(id), "SELECT 1"));
    }
}
