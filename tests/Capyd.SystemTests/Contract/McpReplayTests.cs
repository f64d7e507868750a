namespace Capyd.SystemTests.Contract;

/// <summary>The calls of the MCP server, whose tools refuse an answer that lacks a field or has it null (contract E.3).</summary>
[Collection(nameof(ContractGround))]
public sealed class McpReplayTests(ContractGround ground)
{
    private const string Comment = " /*source='capydb-mcp'*/";

    private WireClient Mcp => field ??= WireClient.Mcp(ground.Daemon.Address, ground.Api.Key);

    [SystemFact]
    public async Task A_project_and_what_hangs_on_it_have_every_field_that_the_tools_require()
    {
        Assert.NotEmpty((await Mcp.GetAsync("/v1/regions")).Expect(200).Json["regions"]!.AsArray().Select(region => region!.GetValue<string>()));
        var created = (await Mcp.PostAsync("/v1/projects", """{"name":"Agent shop","environment":"non_production"}""")).Expect(201);
        await Mcp.CompletedAsync(created);
        var path = $"/v1/projects/{created["project"].Text("id")}";
        foreach (var project in (await Mcp.ListAsync("/v1/projects", "projects")).Append(created["project"]).Append((await Mcp.GetAsync(path)).Expect(200)["project"]))
        {
            WireShape.Require("project", project, "id", "name", "slug", "organization_id", "state", "environment", "always_on", "region", "plan", "storage_limit_bytes", "max_connections");
        }

        await Mcp.CompletedAsync((await Mcp.PostAsync(path + "/backups", "{}")).Expect(202));
        var backup = (await Mcp.ListAsync(path + "/backups", "backups"))[0];
        WireShape.Require("backup", backup, "id", "backup_key", "state", "created_at");
        await Mcp.CompletedAsync((await Mcp.PostAsync(path + "/exports", "{}")).Expect(202));
        WireShape.Require("export", (await Mcp.ListAsync(path + "/exports", "exports"))[0], "id", "state", "created_at", "expires_at");
        WireShape.Require("extension", (await Mcp.ListAsync(path + "/extensions", "extensions"))[0], "name", "enabled");
        foreach (var audit in (await Mcp.ListAsync(path + "/audit-events", "audit_events")).Concat(await Mcp.ListAsync($"/v1/organizations/{ground.Organization}/audit-events?limit=10", "audit_events")))
        {
            WireShape.Require("audit event", audit, "id", "action", "actor_kind", "created_at", "metadata");
        }

        WireShape.Require("job", (await Mcp.ListAsync(path + "/jobs?limit=5", "jobs"))[0], "id", "type", "state", "created_at");
        WireShape.Require("usage", (await Mcp.GetAsync($"/v1/organizations/{ground.Organization}/usage")).Expect(200)["usage"], "totals", "projects", "storage_history");
        WireShape.Require("observability", (await Mcp.GetAsync(path + "/observability")).Expect(200)["observability"], "connection_count", "connection_limit", "database_size_bytes", "storage_limit_bytes", "active_queries", "slow_queries", "alerts");
        await Mcp.CompletedAsync((await Mcp.PostAsync(path + "/credentials/rotate", "{}")).Expect(202));
    }

    [SystemFact]
    public async Task A_schedule_is_read_and_put_back_whole()
    {
        var path = $"/v1/projects/{await ground.Api.NewProjectAsync("Agent schedule")}/scheduled-backups";
        (await Mcp.SendAsync("PUT", path + "/default", """{"cron_hour":4,"cron_minute":5,"is_active":true,"retention_days":30}""")).Expect(200);
        var read = Assert.Single(await Mcp.ListAsync(path, "scheduled_backups"));
        WireShape.Require("schedule", read, "id", "project_id", "cron_hour", "cron_minute", "is_active", "retention_days", "label");
        var whole = new JsonObject
        {
            ["cron_hour"] = 6, ["cron_minute"] = read.Number("cron_minute"), ["is_active"] = read["is_active"]!.DeepClone(),
            ["label"] = read.Text("label"), ["retention_days"] = read.Number("retention_days"),
        };
        var put = (await Mcp.SendAsync("PUT", path + "/default", whole.ToJsonString())).Expect(200)["scheduled_backup"];
        Assert.Equal((read.Text("id"), 6, 5, 30, read.Text("label")), (put.Text("id"), put.Number("cron_hour"), put.Number("cron_minute"), put.Number("retention_days"), put.Text("label")));
    }

    [SystemFact]
    public async Task The_sources_of_a_restore_that_are_not_used_are_empty_strings()
    {
        var path = $"/v1/projects/{await ground.Api.NewProjectAsync("Agent restore")}";
        await Mcp.CompletedAsync((await Mcp.PostAsync(path + "/backups", "{}")).Expect(202));
        var key = (await Mcp.ListAsync(path + "/backups", "backups"))[0].Text("backup_key");
        var point = (await Mcp.PostAsync(path + "/restore-points", $$"""{"label":"agent","kind":"backup","backup_key":"{{key}}"}""")).Expect(201)["restore_point"];
        WireShape.Require("restore point", (await Mcp.ListAsync(path + "/restore-points", "restore_points"))[0], "id", "label", "kind", "state", "created_at", "created_by_actor_kind");
        await Mcp.CompletedAsync((await Mcp.PostAsync(path + "/restores", $$"""{"backup_key":"","restore_point_id":"{{point.Text("id")}}","target_kind":"new_preview"}""")).Expect(202));
        await Mcp.CompletedAsync((await Mcp.PostAsync(path + "/restores", $$"""{"backup_key":"{{key}}","restore_time":"","restore_point_id":"","approval_token":"","target_kind":"new_preview"}""")).Expect(202));
        (await Mcp.PostAsync(path + "/restores", """{"backup_key":"","target_kind":"new_preview"}""")).Expect(400);
        foreach (var preview in await Mcp.ListAsync(path + "/preview-databases", "preview_databases"))
        {
            WireShape.Require("preview", preview, "id", "project_id", "name", "state", "mode", "ttl_expires_at");
            await Mcp.CompletedAsync((await Mcp.PostAsync($"/v1/preview-databases/{preview.Text("id")}/reset", "{}")).Expect(202));
        }
    }

    [SystemFact]
    public async Task Queries_carry_a_comment_and_results_are_strict()
    {
        var project = await ground.Api.NewProjectAsync("Agent data");
        await ProjectCalls.FillAsync(await ground.Api.UrlAsync(project), 20);
        var path = $"/v1/projects/{project}";
        var result = (await SqlAsync(path, "SELECT id, customer FROM orders ORDER BY id LIMIT 3")).Expect(200)["result"];
        WireShape.Require("SQL result", result, "columns", "rows", "row_count", "truncated", "duration_ms");
        Assert.Equal(3, result.Number("row_count"));
        Assert.Equal(1, result["rows"]![0]!["id"]!.GetValue<int>());
        Assert.Equal("[]", (await SqlAsync(path, "SELECT 1 WHERE false")).Expect(200)["result"]["rows"]!.ToJsonString());
        (await SqlAsync(path, "DELETE FROM orders")).Expect(400);
        (await SqlAsync(path, "UPDATE orders SET total = 0 -- WHERE id = 1\n")).Expect(400);
        (await SqlAsync(path, "DELETE FROM orders WHERE id = 1;")).Expect(200);
        (await Mcp.PostAsync(path + "/sql", new JsonObject { ["query"] = "DELETE FROM orders WHERE id = 2" + Comment, ["read_only"] = true }.ToJsonString())).Refused(400, "25006");
        WireShape.Require("table", (await Mcp.ListAsync(path + "/tables", "tables"))[0], "schema", "table", "type");
        WireShape.Require("result", (await Mcp.GetAsync(path + "/tables/public/orders/rows?limit=2")).Expect(200)["result"], "columns", "rows");
        var schema = (await Mcp.GetAsync(path + "/schema")).Expect(200)["schema"];
        WireShape.Require("schema", schema, "database_name", "schemas", "postgres_version", "extensions");
        Assert.All(schema["schemas"]!.AsArray().SelectMany(one => one!["tables"]!.AsArray()), table => WireShape.Require("table", table!, "name", "kind", "columns", "primary_key", "foreign_keys", "unique_constraints"));
        Assert.Empty(await Mcp.ListAsync(path + "/alerts", "alerts"));
    }

    [SystemFact]
    public async Task A_preflight_reports_its_checks()
    {
        var source = await ground.Api.UrlAsync(await ground.Api.NewProjectAsync("Agent source"));
        var path = $"/v1/projects/{await ground.Api.NewProjectAsync("Agent import")}/imports/preflight";
        var preflight = (await Mcp.PostAsync(path, $$"""{"source_url":"{{source}}"}""")).Expect(200)["preflight"];
        WireShape.Require("preflight", preflight, "ok", "checks", "source", "storage_limit_bytes", "target_version");
        Assert.All(preflight["checks"]!.AsArray(), check => Assert.Contains(check!.Text("status"), (string[])["pass", "warn", "fail"]));
        Assert.Subset(preflight["checks"]!.AsArray().Select(check => check!.Text("name")).ToHashSet(), new HashSet<string> { "source_size_within_plan", "source_version_compatible", "extensions_available_on_target" });
        var unreachable = (await Mcp.PostAsync(path, """{"source_url":"postgresql://u:p@127.0.0.1:1/x"}""")).Expect(200)["preflight"];
        Assert.False(unreachable["ok"]!.GetValue<bool>());
        WireShape.Require("preflight", unreachable, "checks", "source", "storage_limit_bytes", "target_version");
        Assert.DoesNotContain("u:p@", (await Mcp.PostAsync(path, """{"source_url":"mysql://u:p@h/x"}""")).Expect(400).Text, StringComparison.Ordinal);
    }

    private Task<Reply> SqlAsync(string path, string query) => Mcp.PostAsync(path + "/sql", new JsonObject { ["query"] = query + Comment }.ToJsonString());
}
