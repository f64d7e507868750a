namespace Capyd.SystemTests.DataAccess;

/// <summary>Contract B.18, B.19, C.5: tables, rows, structure, and what this server does not have.</summary>
[Collection(nameof(EmbeddedDaemon))]
public sealed class SchemaTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task Tables_rows_and_structure_of_a_project_and_of_its_preview()
    {
        var project = await Api.NewProjectAsync("Structure");
        await ProjectCalls.FillAsync(await Api.UrlAsync(project));
        await Tenant.ExecuteAsync(await Api.UrlAsync(project), "CREATE SCHEMA \"a/b\"; CREATE TABLE \"a/b\".\"Größe %\" (x int); INSERT INTO \"a/b\".\"Größe %\" VALUES (7)");
        var tables = (await Api.GetAsync($"/v1/projects/{project}/tables")).Expect(200).Json.Objects("tables");
        Assert.Equal(["a/b.Größe %.table", "public.big_orders.view", "public.notes.table", "public.orders.table"], tables.Select(t => $"{t.Text("schema")}.{t.Text("table")}.{t.Text("type")}"));
        var rows = (await Api.GetAsync($"/v1/projects/{project}/tables/public/orders/rows?limit=3")).Expect(200)["result"];
        Assert.Equal(["id", "customer", "total", "placed"], rows["columns"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal(3, rows["rows"]!.AsArray().Count);
        Assert.Equal(100, (await Api.GetAsync($"/v1/projects/{project}/tables/public/orders/rows")).Expect(200)["result"]["rows"]!.AsArray().Count);
        Assert.Equal("""[{"x":7}]""", (await Api.GetAsync($"/v1/projects/{project}/tables/a%2Fb/Gr%C3%B6%C3%9Fe%20%25/rows")).Expect(200)["result"]["rows"]!.ToJsonString());
        (await Api.GetAsync($"/v1/projects/{project}/tables/public/nowhere/rows")).Refused(404, "table not found");
        (await Api.GetAsync($"/v1/projects/{project}/tables/x%22;DROP%20TABLE%20orders;--/y/rows")).Refused(404, "table not found");

        var preview = await Api.NewPreviewAsync(project, (await Api.NewBackupAsync(project)).Text("backup_key"));
        foreach (var path in new[] { $"/v1/projects/{project}/schema", $"/v1/preview-databases/{preview}/schema" })
        {
            var orders = (await Api.GetAsync(path)).Expect(200)["schema"].Objects("schemas").Single(s => s.Text("name") == "public").Objects("tables").Single(t => t.Text("name") == "orders");
            Assert.Equal("""["id"]""", orders["primary_key"]!.ToJsonString());
            Assert.Equal("numeric(12,2)", orders.Objects("columns")[2].Text("data_type"));
            Assert.Equal("now()", orders.Objects("columns")[3].Text("default"));
        }

        var sql = await Api.PostAsync($"/v1/preview-databases/{preview}/sql", new JsonObject { ["query"] = "SELECT count(*) AS n FROM orders" });
        Assert.Equal("""[{"n":200}]""", sql.Expect(200)["result"]["rows"]!.ToJsonString());
        using var structure = await embedded.Daemon.ClientAsync("schema:read");
        (await structure.GetAsync($"/v1/projects/{project}/schema")).Expect(200);
        (await structure.GetAsync($"/v1/projects/{project}/tables/public/orders/rows")).Expect(403);
    }

    [SystemTheory]
    [InlineData("schema/types", 404, "types")]
    [InlineData("lint", 404, "lint")]
    [InlineData("advisor/indexes", 404, "advisor")]
    [InlineData("advisor/index-hygiene", 404, "advisor")]
    [InlineData("logs", 404, "log")]
    [InlineData("logs/search", 503, "log search is not enabled")]
    [InlineData("observability/history", 404, "history")]
    public async Task What_this_server_does_not_have_says_so(string path, int status, string words) =>
        (await Api.GetAsync($"/v1/projects/prj_aaaaaaaaaaaaaaaaaaaa/{path}")).Refused(status, words);

    [SystemFact]
    public async Task Observability_shows_the_present()
    {
        var project = await Api.NewProjectAsync("Observed");
        await using var session = await Tenant.OpenAsync(await Api.UrlAsync(project));
        var sleeping = session.ExecuteAsync("SELECT pg_sleep(20) /* busy */");
        var seen = await Until.FoundAsync("the query is seen", async () =>
        {
            var body = (await Api.GetAsync($"/v1/projects/{project}/observability")).Expect(200)["observability"];
            return body.Objects("active_queries").Count == 1 ? body : null;
        });
        Assert.Equal((1, 60), (seen.Number("connection_count"), seen.Number("connection_limit")));
        Assert.True(seen["database_size_bytes"]!.GetValue<long>() > 1_000_000);
        Assert.True(seen["storage_usage_percent"]!.GetValue<double>() > 0);
        Assert.False(seen["pg_stat_statements"]!.GetValue<bool>());
        Assert.Equal(("[]", "[]"), (seen["alerts"]!.ToJsonString(), seen["slow_queries"]!.ToJsonString()));
        var query = seen.Objects("active_queries")[0];
        Assert.Equal(("active", "PgSleep", "Timeout"), (query.Text("state"), query.Text("wait_event"), query.Text("wait_event_type")));
        Assert.Contains("/* busy */", query.Text("query"), StringComparison.Ordinal);
        await embedded.Superuser.ExecuteAsync("postgres", $"SELECT pg_cancel_backend({query.Number("pid")})");
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => sleeping);
    }

    [SystemFact]
    public async Task Usage_audit_and_clusters_of_the_organisation()
    {
        var project = await Api.NewProjectAsync("Counted");
        var organization = (await Api.GetAsync("/v1/me")).Expect(200)["organization"].Text("id");
        var usage = (await Api.GetAsync($"/v1/organizations/{organization}/usage")).Expect(200)["usage"];
        Assert.Contains(usage.Objects("projects"), item => item.Text("project_id") == project && item["storage_bytes"]!.GetValue<long>() > 1_000_000);
        Assert.True(usage["totals"]!.Number("projects") >= 1);
        Assert.NotNull(usage["storage_history"]!.AsArray());
        var events = (await Api.GetAsync($"/v1/organizations/{organization}/audit-events")).Expect(200).Json.Objects("audit_events");
        Assert.InRange(events.Count, 1, 25);
        Assert.True(events[0]["created_at"]!.GetValue<DateTimeOffset>() >= events[^1]["created_at"]!.GetValue<DateTimeOffset>());
        Assert.Equal("project.created", (await Api.GetAsync($"/v1/projects/{project}/audit-events")).Expect(200).Json.Objects("audit_events")[^1].Text("action"));
        var cluster = (await Api.GetAsync("/v1/clusters")).Expect(200).Json.Objects("clusters").Single();
        Assert.Equal((await Api.ProjectAsync(project)).Text("cluster_id"), cluster.Text("id"));
        (await Api.GetAsync("/v1/organizations/org_aaaaaaaaaaaaaaaaaaaa/usage")).Refused(404, "organization not found");
        using var bound = await embedded.Daemon.ClientAsync("projects:read", project);
        (await bound.GetAsync($"/v1/organizations/{organization}/audit-events")).Expect(403);
    }
}
