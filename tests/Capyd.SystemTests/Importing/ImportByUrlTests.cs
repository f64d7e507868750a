using System.Globalization;

namespace Capyd.SystemTests.Importing;

/// <summary>From a second real server, end to end.</summary>
public sealed class ImportByUrlTests(ImportGround ground) : IClassFixture<ImportGround>
{
    private ApiClient Api => ground.Api;

    [SystemFact]
    public async Task A_database_is_imported_as_it_is_and_its_password_is_nowhere()
    {
        var source = await ground.NewSourceAsync("shop");
        var project = await Api.NewProjectAsync("Shop");
        var job = await Api.CompletedAsync(await ground.ImportAsync(project, new JsonObject { ["source_url"] = source }));
        var url = await Api.UrlAsync(project);
        Assert.Equal(await ProjectCalls.ContentAsync(source), await ProjectCalls.ContentAsync(url));
        Assert.Equal(await ProjectCalls.ObjectsAsync(source), await ProjectCalls.ObjectsAsync(url));
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('mine', 1); ALTER TABLE sales.days ADD more int; DROP MATERIALIZED VIEW sales.summary");

        var result = job["result"]!;
        Assert.Equal("custom", result["report"]!.Text("format"));
        Assert.True(result["report"]!["objects"]!["table"]!.GetValue<int>() >= 3);
        Assert.Equal(0, result["report"]!.Number("skipped_count"));
        Assert.True(result.Number("rows_compared") >= 280);
        Assert.Equal("ready", (await Api.ProjectAsync(project)).Text("state"));
        Assert.Equal(
            ["import.completed", "project.import_started"],
            await ground.Daemon.Metadata.ListAsync($"SELECT action FROM audit_events WHERE project_id = '{project}' AND action LIKE '%import%' ORDER BY action"));
        await SecretIsNowhereAsync();
    }

    [SystemFact]
    public async Task What_is_there_is_replaced_only_on_request_and_can_be_had_back()
    {
        var source = await ground.NewSourceAsync("replacing");
        var project = await Api.NewProjectAsync("Replaced");
        var url = await Api.UrlAsync(project);
        await Tenant.ExecuteAsync(url, "CREATE VIEW only_a_view AS SELECT 1 AS n");
        var body = new JsonObject { ["source_url"] = source };
        (await ground.ImportAsync(project, body)).Refused(409, "not empty");
        await Tenant.ExecuteAsync(url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
        (await ground.ImportAsync(project, body)).Refused(400, "confirm: must be true, because the project's database holds 1 table");
        body["confirm"] = true;
        (await ground.ImportAsync(project, body)).Refused(409, "never merged");
        body["recreate"] = true;
        await Api.CompletedAsync(await ground.ImportAsync(project, body));
        Assert.Equal(await ProjectCalls.ContentAsync(source), await ProjectCalls.ContentAsync(url));

        await Api.CompletedAsync(await Api.PostAsync($"/v1/projects/{project}/restores/undo"));
        Assert.Equal("42", await Tenant.OneAsync(url, "SELECT n FROM kept"));
        await Api.NewBackupAsync(project);
    }

    [SystemFact]
    public async Task A_preflight_says_what_the_source_holds_and_that_it_fits()
    {
        var source = await ground.NewSourceAsync("looked_at");
        var project = await Api.NewProjectAsync("Looker");
        var preflight = await ground.PreflightAsync(project, source);
        Assert.True(preflight["ok"]!.GetValue<bool>(), preflight.ToJsonString());
        Assert.All(preflight.Objects("checks"), check => Assert.Equal("pass", check.Text("status")));
        Assert.Contains("public", preflight["source"]!["app_schemas"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Contains("sales", preflight["source"]!["app_schemas"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal("other", preflight["source"]!.Text("provider"));
        Assert.False(preflight["source"]!["replication"]!["ready"]!.GetValue<bool>());
        Assert.True(preflight["source"]!["database_size_bytes"]!.GetValue<long>() > 1 << 20);
        Assert.Equal(preflight.Text("target_version"), preflight["source"]!.Text("server_version").Split('.')[0]);
        Assert.Equal("project.import_preflight", await ground.Daemon.Metadata.OneAsync($"SELECT action FROM audit_events WHERE project_id = '{project}' AND action LIKE '%import%'"));
    }

    [SystemTheory]
    [InlineData("wrong-password", null, "connectivity")]
    [InlineData("require", null, "connectivity")]
    [InlineData("no-such-database", null, "connectivity")]
    [InlineData("closed-port", null, "connectivity")]
    [InlineData("dblink", "CREATE EXTENSION dblink", "extensions_available_on_target")]
    [InlineData("unreadable", "CREATE TABLE hidden (n int)", "source_readable")]
    public async Task A_source_that_will_not_do_is_an_answer_to_the_preflight_and_the_end_of_an_import(string kind, string? superuserSql, string failing)
    {
        var database = "bad_" + kind.Replace('-', '_');
        var good = await ground.NewSourceAsync(database);
        if (superuserSql is not null)
        {
            await ground.Source.Superuser.ExecuteAsync(database, superuserSql);
        }

        var url = kind switch
        {
            "wrong-password" => ground.UrlOf(database, "wr0ng-s3cr3t"),
            "require" => good.Replace("sslmode=disable", "sslmode=require", StringComparison.Ordinal),
            "no-such-database" => ground.UrlOf("nowhere"),
            "closed-port" => good.Replace($":{ground.Source.Port}/", $":{Machine.FreePort()}/", StringComparison.Ordinal),
            _ => good,
        };
        var project = await Api.NewProjectAsync($"Bad {kind}");
        var preflight = await ground.PreflightAsync(project, url);
        Assert.False(preflight["ok"]!.GetValue<bool>());
        var check = preflight.Objects("checks").Single(check => check.Text("status") == "fail");
        Assert.Equal(failing, check.Text("name"));
        var error = await ground.FailedImportAsync(project, new JsonObject { ["source_url"] = url });
        Assert.DoesNotContain("s3cr3t", check.Text("detail") + error, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", ground.Daemon.Log, StringComparison.Ordinal);
        await SecretIsNowhereAsync();
    }

    [SystemFact]
    public async Task A_source_larger_than_the_plan_is_not_imported()
    {
        var source = await ground.NewSourceAsync("too_large");
        var project = await Api.NewProjectAsync("Small plan");
        await ground.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET storage_limit_bytes = 1048576 WHERE id = '{project}'");
        var preflight = await ground.PreflightAsync(project, source);
        Assert.Equal("source_size_within_plan", preflight.Objects("checks").Single(check => check.Text("status") == "fail").Text("name"));
        Assert.Contains("source_size_within_plan", await ground.FailedImportAsync(project, new JsonObject { ["source_url"] = source }), StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task A_source_that_goes_away_in_mid_dump_is_tried_again_and_then_named()
    {
        await using var going = await AttachedServer.CreateAsync();
        await going.Superuser.ExecuteAsync("postgres", $"CREATE ROLE seller LOGIN PASSWORD '{ImportGround.Password}'; CREATE TABLE held (n int); GRANT SELECT ON held TO seller");
        var url = string.Create(CultureInfo.InvariantCulture, $"postgresql://seller:{ImportGround.Password}@127.0.0.1:{going.Port}/postgres?sslmode=disable");
        var project = await Api.NewProjectAsync("Going source");
        string job;
        await using (var holder = await going.Superuser.OpenAsync("postgres"))
        {
            await holder.ExecuteAsync("BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE");
            job = (await ground.ImportAsync(project, new JsonObject { ["source_url"] = url })).Expect(202).JobId;
            await Until.TrueAsync("the dump waits for the lock", async () => (await going.Superuser.ListAsync(
                "postgres", "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%LOCK TABLE%'")).Count > 0);
            await going.StopAsync();
        }

        var end = await Api.EndOfJobAsync(job);
        Assert.Equal(("failed", "transient", 3), (end.Text("state"), end.Text("retry_classification"), end.Number("attempts")));
        Assert.Equal("ready", (await Api.ProjectAsync(project)).Text("state"));
        await SecretIsNowhereAsync();
    }

    [SystemFact]
    public async Task A_project_of_this_server_may_be_imported_as_its_own_role_but_not_as_the_superuser()
    {
        var first = await Api.NewProjectAsync("Own source");
        await ProjectCalls.FillAsync(await Api.UrlAsync(first), 20);
        var own = await Api.UrlAsync(first);
        var second = await Api.NewProjectAsync("Own target");
        await Api.CompletedAsync(await ground.ImportAsync(second, new JsonObject { ["source_url"] = own }));
        Assert.Equal(await ProjectCalls.ContentAsync(own), await ProjectCalls.ContentAsync(await Api.UrlAsync(second)));
        var port = ground.Superuser.Port.ToString(CultureInfo.InvariantCulture);
        (await ground.ImportAsync(first, new JsonObject { ["source_url"] = $"postgres://capyd:x@127.0.0.1:{port}/postgres" })).Refused(400, "host is not allowed");
        (await ground.ImportAsync(first, new JsonObject { ["source_url"] = $"postgres://capyd:x@localhost:{port}/postgres" })).Refused(400, "host is not allowed");
    }

    [SystemFact]
    public async Task A_cancelled_import_forgets_its_source_and_leaves_the_project_ready()
    {
        var source = await ground.NewSourceAsync("never_read");
        var project = await Api.NewProjectAsync("Cancelled import");
        var job = (await ground.ImportAsync(project, new JsonObject { ["source_url"] = source })).Expect(202).JobId;
        await Api.PostAsync($"/v1/jobs/{job}/cancel");
        Assert.Equal("failed", (await Api.EndOfJobAsync(job)).Text("state"));
        Assert.Equal("ready", (await Api.ProjectAsync(project)).Text("state"));
        await SecretIsNowhereAsync();
    }

    private async Task SecretIsNowhereAsync()
    {
        Assert.DoesNotContain(ImportGround.Password, ground.Daemon.Log, StringComparison.Ordinal);
        Assert.Equal("0", await ground.Daemon.Metadata.OneAsync("SELECT count(*) FROM jobs WHERE secret_payload IS NOT NULL AND state IN ('completed', 'failed')"));
        foreach (var table in new[] { "jobs", "projects", "audit_events" })
        {
            var rows = (await Command.RunAsync("sqlite3", "-cmd", ".mode insert", "-cmd", ".timeout 10000", ground.Daemon.Metadata.File, $"SELECT * FROM {table}")).Good();
            Assert.DoesNotContain(ImportGround.Password, rows, StringComparison.Ordinal);
        }
    }
}
