using System.Text;

namespace Capyd.SystemTests.Contract;

/// <summary>The calls of the public command line, in its order (contract E.2).</summary>
[Collection(nameof(ContractGround))]
public sealed class CliReplayTests(ContractGround ground)
{
    private WireClient Cli => field ??= WireClient.Cli(ground.Daemon.Address, ground.Api.Key);

    [SystemFact]
    public async Task Login_polls_with_its_header_until_a_person_has_agreed()
    {
        var anonymous = WireClient.Cli(ground.Daemon.Address, null);
        var started = (await anonymous.PostAsync("/v1/cli/login/sessions", """{"name":"capydb-cli","device_name":"workstation","source":"cli"}""")).Expect(201).Json;
        var (path, header) = ($"/v1/cli/login/sessions/{started.Text("session_id")}", $"X-CapyDB-Poll-Token: {started.Text("poll_token")}");
        WireShape.Require("login session", started, "state", "expires_at");
        Assert.Equal("pending", (await anonymous.GetAsync(path, header)).Expect(200).Json.Text("state"));
        (await ground.Daemon.CommandAsync("login", "approve", started.Text("session_id"))).Good();
        var done = (await anonymous.GetAsync(path, header)).Expect(200).Json;
        Assert.Equal("completed", done.Text("state"));
        WireShape.Require("login session", done, "organization_id", "organization_name", "organization_slug", "authorized_at");
        var me = (await WireClient.Cli(ground.Daemon.Address, done.Text("plaintext_api_key")).GetAsync("/v1/me")).Expect(200);
        Assert.Equal(done.Text("organization_id"), me["organization"].Text("id"));
        (await anonymous.GetAsync("/v1/cli/login/sessions/cli_aaaaaaaaaaaaaaaaaaaa", header)).Refused(404, "cli login session not found");
        (await anonymous.GetAsync("/v1/me")).Expect(401);
    }

    [SystemFact]
    public async Task Create_checks_the_plan_takes_a_region_waits_and_reads_everything_of_the_project()
    {
        var me = (await Cli.GetAsync("/v1/me")).Expect(200);
        Assert.DoesNotContain(me["organization"].Text("billing_plan"), (string[])["", "none"]);
        Assert.Contains(me["organization"].Text("billing_status"), (string[])["active", "trialing"]);
        WireShape.Require("organization", me["organization"], "id", "name", "slug", "billing_provider");
        WireShape.Require("principal", me["principal"], "auth_source", "is_admin", "scopes");
        var region = (await Cli.ListAsync("/v1/regions", "region_details"))[0];
        WireShape.Require("region", region, "id", "display_name", "location");

        var created = (await Cli.PostAsync("/v1/projects", $$"""{"name":"Wire shop","region":"{{region.Text("id")}}","environment":"production"}""")).Expect(201);
        await Cli.CompletedAsync(created);
        var path = $"/v1/projects/{created["project"].Text("id")}";
        var project = (await Cli.GetAsync(path)).Expect(200)["project"];
        Assert.Equal(("ready", "wire-shop", "production"), (project.Text("state"), project.Text("slug"), project.Text("environment")));
        WireShape.Require("project", project, "cluster_id", "database_name", "role_name", "public_host", "ssl_mode", "statement_timeout", "idle_transaction_timeout", "created_at", "updated_at");
        var connections = (await Cli.GetAsync(path + "/connections")).Expect(200)["connections"];
        Assert.Matches("^postgresql://[^:]+:[^@]+@[^:]+:[0-9]+/[^?]+\\?sslmode=[a-z-]+$", connections.Text("direct_url"));
        WireShape.Require("connection", connections, "username");
        (await Cli.GetAsync(path + "/kv")).Refused(404, "kv store not found");
        Assert.Contains(await Cli.ListAsync("/v1/projects", "projects"), row => row.Text("slug") == "wire-shop");

        WireShape.Require("status", (await WireClient.Cli(ground.Daemon.Address, null).GetAsync("/status")).Expect(200).Json, "service", "status", "updated_at", "generated_at", "components");
        Assert.Single(await Cli.ListAsync(path + "/jobs?limit=1", "jobs"));
        Assert.Empty(await Cli.ListAsync(path + "/backups", "backups"));
        (await Cli.GetAsync(path + "/observability")).Expect(200);
        (await Cli.DeleteAsync(path)).Refused(400, "this action requires an approval token");
        (await Cli.PostAsync(path + "/approvals", """{"action":"project.delete"}""")).Refused(403, "an approval must come from a person");
        (await Cli.PostAsync(path + "/retry-provisioning")).Refused(409, "project is not failed");
    }

    [SystemFact]
    public async Task Previews_are_made_waited_for_reset_extended_and_deleted_by_their_row_in_the_list()
    {
        var project = await ground.Api.NewProjectAsync("Wire previews");
        var list = $"/v1/projects/{project}/preview-databases";
        Assert.Empty(await Cli.ListAsync(list, "preview_databases"));
        var created = (await Cli.PostAsync(list, """{"name":"pr-7","mode":"clone","ttl_hours":24}""")).Expect(201);
        await Cli.CompletedAsync(created);
        var preview = $"/v1/preview-databases/{(await Cli.ListAsync(list, "preview_databases")).Single(row => row.Text("name") == "pr-7").Text("id")}";
        WireShape.Require("connection", (await Cli.GetAsync(preview + "/connections")).Expect(200)["connections"], "username", "direct_url");
        var reset = (await Cli.PostAsync(preview + "/reset")).Expect(202);
        (await Cli.PostAsync(preview + "/reset")).Expect(409);
        await Cli.CompletedAsync(reset);
        var until = DateTimeOffset.Parse((await Cli.PostAsync(preview + "/extend", """{"ttl_hours":48}""")).Expect(200)["preview"].Text("ttl_expires_at"), null);
        Assert.InRange(until - DateTimeOffset.UtcNow, TimeSpan.FromMinutes((48 * 60) - 2), TimeSpan.FromMinutes((48 * 60) + 1));
        (await Cli.PostAsync(preview + "/extend", """{"ttl_hours":169}""")).Expect(400);
        await Cli.CompletedAsync((await Cli.DeleteAsync(preview)).Expect(202));
        (await Cli.DeleteAsync(preview)).Refused(404, "preview not found");
        await Cli.CompletedAsync((await Cli.PostAsync(list, "{}")).Expect(201));
    }

    [SystemFact]
    public async Task Backups_schedules_restore_points_and_restores_go_round()
    {
        var path = $"/v1/projects/{await ground.Api.NewProjectAsync("Wire backups")}";
        await Cli.CompletedAsync((await Cli.PostAsync(path + "/backups")).Expect(202));
        await Cli.CompletedAsync((await Cli.PostAsync(path + "/backups", """{"label":"before the change"}""")).Expect(202));
        var backups = await Cli.ListAsync(path + "/backups", "backups");
        Assert.Equal(2, backups.Count);
        Assert.Equal("before the change", backups[0].Text("label"));
        Assert.Equal("verified", backups[0].Text("verification_state"));
        Assert.Empty(await Cli.ListAsync(path + "/scheduled-backups", "scheduled_backups"));
        (await Cli.SendAsync("PUT", path + "/scheduled-backups/default", """{"cron_hour":3,"cron_minute":30,"is_active":true,"label":"nightly","retention_days":14}""")).Expect(200);
        (await Cli.SendAsync("PUT", path + "/scheduled-backups/default", """{"cron_hour":24,"cron_minute":30,"is_active":true}""")).Expect(400);

        var point = (await Cli.PostAsync(path + "/restore-points", $$"""{"label":"release","backup_key":"{{backups[0].Text("backup_key")}}"}""")).Expect(201)["restore_point"];
        var restored = await Cli.CompletedAsync((await Cli.PostAsync(path + "/restores", $$"""{"restore_point_id":"{{point.Text("id")}}","target_kind":"new_preview","preview_name":"look","ttl_hours":2}""")).Expect(202));
        Assert.Contains(await Cli.ListAsync(path + "/preview-databases", "preview_databases"), row => row.Text("id") == restored.Text("preview_database_id"));
        (await Cli.PostAsync(path + "/restores", $$"""{"backup_key":"{{backups[0].Text("backup_key")}}","target_kind":"project","recreate":true}""")).Refused(400, "this action requires an approval token");
        Assert.Equal("{\"deleted\":true}", (await Cli.DeleteAsync($"{path}/restore-points/{point.Text("id")}")).Expect(200).Text);
        Assert.Empty(await Cli.ListAsync(path + "/restore-points", "restore_points"));
    }

    [SystemFact]
    public async Task An_import_goes_by_preflight_and_url_or_by_slot_and_file()
    {
        var source = await ground.Api.UrlAsync(await ground.Api.NewProjectAsync("Wire source"));
        await ProjectCalls.FillAsync(source, 20);
        var path = $"/v1/projects/{await ground.Api.NewProjectAsync("Wire import")}/imports";
        var preflight = (await Cli.PostAsync(path + "/preflight", $$"""{"source_url":"{{source}}"}""")).Expect(200)["preflight"];
        Assert.True(preflight["ok"]!.GetValue<bool>(), preflight.ToJsonString());
        await Cli.CompletedAsync((await Cli.PostAsync(path, $$"""{"source_url":"{{source}}","confirm":true}""")).Expect(202));

        var slot = (await Cli.PostAsync(path + "/uploads")).Expect(201)["upload"];
        WireShape.Require("upload", slot, "object_key", "upload_url", "expires_at");
        Assert.InRange((await UploadCalls.PutAsync(slot.Text("upload_url"), Encoding.UTF8.GetBytes("CREATE TABLE sent (id int PRIMARY KEY);\nINSERT INTO sent VALUES (1), (2);\n"))).Status, 200, 299);
        await Cli.CompletedAsync((await Cli.PostAsync(path, $$"""{"upload_key":"{{slot.Text("object_key")}}","confirm":true,"recreate":true}""")).Expect(202));
        (await Cli.PostAsync(path, """{"confirm":true}""")).Expect(400);
        (await Cli.PostAsync(path + "/follow", $$"""{"confirm":true,"source_url":"{{source}}"}""")).Expect(404);
        (await Cli.PostAsync(path + "/follow/status")).Expect(404);
    }

    [SystemFact]
    public async Task The_single_calls_answer_as_they_are_read()
    {
        var path = $"/v1/projects/{await ground.Api.NewProjectAsync("Wire single")}";
        await Cli.CompletedAsync((await Cli.PostAsync(path + "/extensions", """{"name":"citext"}""")).Expect(202));
        await Cli.CompletedAsync((await Cli.DeleteAsync(path + "/extensions/uuid%2Dossp")).Expect(202));
        await Cli.CompletedAsync((await Cli.PostAsync(path + "/credentials/rotate")).Expect(202));
        var export = (await Cli.PostAsync(path + "/exports")).Expect(202);
        await Cli.CompletedAsync(export);
        WireShape.Require("download", (await Cli.GetAsync($"{path}/exports/{export.Json.Text("export_id")}/download")).Expect(200)["download"], "download_url", "expires_at");
        await Tenant.ExecuteAsync(await ground.Api.UrlAsync(path.Split('/')[^1]), "CREATE SCHEMA \"odd name\"; CREATE TABLE \"odd name\".\"a/b\" (id int); INSERT INTO \"odd name\".\"a/b\" VALUES (7)");
        Assert.Contains("7", (await Cli.GetAsync(path + "/tables/odd%20name/a%2Fb/rows?limit=5")).Expect(200).Text, StringComparison.Ordinal);
        Assert.Empty(await Cli.ListAsync(path + "/alerts", "alerts"));
        Assert.NotEmpty(await Cli.ListAsync(path + "/audit-events?limit=5", "audit_events"));
        (await Cli.PostAsync(path + "/sql", """{"query":"DELETE FROM nothing_here"}""")).Expect(400);
        (await Cli.GetAsync(path + "/logs/search?q=x")).Refused(503, "log search is not enabled");
        foreach (var absent in (string[])["/logs?hours=1", "/advisor/indexes", "/advisor/index-hygiene", "/lint", "/schema/types?language=go", "/upgrade/major", "/roles/app", "/integrations"])
        {
            Assert.NotEmpty((await Cli.GetAsync(path + absent)).Expect(404).Error);
        }
    }
}
