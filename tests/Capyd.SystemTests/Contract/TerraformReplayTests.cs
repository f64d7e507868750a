namespace Capyd.SystemTests.Contract;

/// <summary>The life of each resource of the Terraform provider: made, read, changed, gone (contract E.4).</summary>
[Collection(nameof(ContractGround))]
public sealed class TerraformReplayTests(ContractGround ground)
{
    private WireClient Provider => field ??= WireClient.Terraform(ground.Daemon.Address, ground.Api.Key);

    private string Organization => $"/v1/organizations/{ground.Organization}";

    [SystemFact]
    public async Task A_project_echoes_its_plan_and_reads_404_once_it_is_deleted()
    {
        var version = (await Provider.ListAsync("/v1/postgres-versions", "versions"))[0];
        WireShape.Require("version", version, "version", "channel", "default", "production_ready");
        var region = (await Provider.GetAsync("/v1/regions")).Expect(200).Json["regions"]![0]!.GetValue<string>();
        var body = $$"""{"name":"Planned","environment":"production","region":"{{region}}","postgres_version":"{{version.Text("version")}}"}""";
        var created = (await Provider.PostAsync("/v1/projects", body)).Expect(201);
        await Provider.CompletedAsync(created);
        var path = $"/v1/projects/{created["project"].Text("id")}";
        var read = (await Provider.GetAsync(path)).Expect(200)["project"];
        Assert.Equal(("Planned", "production", region, version.Text("version")), (read.Text("name"), read.Text("environment"), read.Text("region"), read.Text("postgres_version")));
        Assert.Equal("non_production", (await Provider.SendAsync("PATCH", path, """{"environment":"non_production"}""")).Expect(200)["project"].Text("environment"));
        (await Provider.SendAsync("PATCH", path, """{"environment":"nonproduction"}""")).Refused(400, "environment must be one of production or non_production");
        Assert.Equal("production", (await Provider.SendAsync("PATCH", path, """{"environment":"production"}""")).Expect(200)["project"].Text("environment"));

        (await Provider.DeleteAsync(path)).Refused(400, "this action requires an approval token");
        var token = await ground.ApproveAsync(path.Split('/')[^1], "project.delete");
        await Provider.CompletedAsync((await Provider.DeleteAsync($"{path}?approval_token={token}")).Expect(202));
        (await Provider.GetAsync(path)).Refused(404, "project not found");
        (await Provider.DeleteAsync(path)).Refused(404, "project not found");
        (await Provider.PostAsync("/v1/projects", """{"name":"Late","postgres_version":"9.6"}""")).Refused(400, "unsupported postgres version 9.6");
    }

    [SystemFact]
    public async Task A_preview_is_found_in_the_list_and_extended_to_absolute_hours()
    {
        var list = $"/v1/projects/{await ground.Api.NewProjectAsync("Planned previews")}/preview-databases";
        var created = (await Provider.PostAsync(list, """{"name":"staging","mode":"empty","ttl_hours":24}""")).Expect(201);
        await Provider.CompletedAsync(created);
        var read = (await Provider.ListAsync(list, "preview_databases")).Single(row => row.Text("id") == created["preview"].Text("id"));
        Assert.Equal(("staging", "empty", "ready"), (read.Text("name"), read.Text("mode"), read.Text("state")));
        var path = $"/v1/preview-databases/{read.Text("id")}";
        foreach (var hours in (int[])[100, 10])
        {
            var until = DateTimeOffset.Parse((await Provider.PostAsync(path + "/extend", $$"""{"ttl_hours":{{hours}}}""")).Expect(200)["preview"].Text("ttl_expires_at"), null);
            Assert.InRange((until - DateTimeOffset.UtcNow).TotalHours, hours - 0.05, hours + 0.02);
        }

        await Provider.CompletedAsync((await Provider.DeleteAsync(path)).Expect(202));
        Assert.Empty(await Provider.ListAsync(list, "preview_databases"));
    }

    [SystemFact]
    public async Task A_key_is_read_from_the_list_and_revoked()
    {
        var made = (await Provider.PostAsync(Organization + "/api-keys", """{"name":"ci","scopes":["jobs:read","backups:read","projects:read"]}""")).Expect(201);
        var id = made["api_key"].Text("id");
        Assert.StartsWith("capy_live_", made.Json.Text("plaintext_api_key"), StringComparison.Ordinal);
        Assert.StartsWith(made["api_key"].Text("key_prefix"), made.Json.Text("plaintext_api_key"), StringComparison.Ordinal);
        var read = (await Provider.ListAsync(Organization + "/api-keys", "api_keys")).Single(row => row.Text("id") == id);
        WireShape.Require("key", read, "organization_id", "key_prefix", "source", "is_active", "created_at");
        Assert.Equal("""["jobs:read","backups:read","projects:read"]""", read["scopes"]!.ToJsonString());
        Assert.Equal("{\"revoked\":true}", (await Provider.DeleteAsync($"{Organization}/api-keys/{id}")).Expect(200).Text);
        Assert.False((await Provider.ListAsync(Organization + "/api-keys", "api_keys")).Single(row => row.Text("id") == id)["is_active"]!.GetValue<bool>());
        (await Provider.DeleteAsync(Organization + "/api-keys/key_aaaaaaaaaaaaaaaaaaaa")).Refused(404, "api key not found");
        (await Provider.PostAsync(Organization + "/api-keys", """{"name":"ci","scopes":["everything"]}""")).Expect(400);
    }

    [SystemFact]
    public async Task A_webhook_endpoint_is_made_active_switched_off_and_deleted()
    {
        var made = (await Provider.PostAsync(Organization + "/webhook-endpoints", """{"url":"https://1.1.1.1/hook","description":"deploys"}""")).Expect(201);
        Assert.StartsWith("whsec_", made.Json.Text("plaintext_secret"), StringComparison.Ordinal);
        Assert.True(made["webhook_endpoint"]["is_active"]!.GetValue<bool>());
        var path = $"{Organization}/webhook-endpoints/{made["webhook_endpoint"].Text("id")}";
        (await Provider.SendAsync("PATCH", path, """{"is_active":false}""")).Expect(200);
        var read = (await Provider.ListAsync(Organization + "/webhook-endpoints", "webhook_endpoints")).Single(row => path.EndsWith(row.Text("id"), StringComparison.Ordinal));
        Assert.Equal(("https://1.1.1.1/hook", "deploys", "[]", false), (read.Text("url"), read.Text("description"), read["event_types"]!.ToJsonString(), read["is_active"]!.GetValue<bool>()));
        (await Provider.SendAsync("PATCH", path, """{"event_types":["job.failed"]}""")).Expect(200);
        Assert.Empty(await Provider.ListAsync(path + "/deliveries?limit=5", "deliveries"));
        Assert.StartsWith("whsec_", (await Provider.PostAsync(path + "/rotate-secret")).Expect(200).Json.Text("plaintext_secret"), StringComparison.Ordinal);
        Assert.Equal("{\"deleted\":true}", (await Provider.DeleteAsync(path)).Expect(200).Text);
        (await Provider.DeleteAsync(path)).Refused(404, "endpoint not found");
    }

    [SystemFact]
    public async Task The_data_sources_are_there()
    {
        WireShape.Require("organization", (await Provider.GetAsync(Organization)).Expect(200)["organization"], "id", "name", "slug", "billing_plan", "created_at");
        var cluster = Assert.Single(await Provider.ListAsync("/v1/clusters", "clusters"));
        WireShape.Require("cluster", cluster, "id", "name", "provider", "region", "public_host", "direct_port", "pooled_port", "postgres_version", "extensions", "state", "supports_point_in_time_recovery");
        (await Provider.GetAsync("/v1/projects/prj_aaaaaaaaaaaaaaaaaaaa/kv")).Expect(404);
    }
}
