using Capyd.SystemTests.Metrics;
using Capyd.SystemTests.OpenApi;
using Capyd.SystemTests.Recovery;

namespace Capyd.SystemTests.Drills;

public sealed class DrillTests(PitrGround ground) : IClassFixture<PitrGround>
{
    private ApiClient Api => ground.Api;

    [SystemFact]
    public async Task A_drill_recovers_a_moment_that_was_drawn_measures_and_leaves_nothing_over()
    {
        var (project, url) = await FilledAsync("Drilled");
        await Tenant.ExecuteAsync(url, "INSERT INTO notes VALUES (1000, NULL, NULL)");

        var accepted = (await Api.PostAsync("/v1/drills", new JsonObject { ["project_id"] = project })).Expect(202);
        Assert.Equal(("running", "manual"), (accepted["drill"].Text("state"), accepted["drill"].Text("trigger")));
        var job = await Api.CompletedAsync(accepted.JobId);
        Assert.Equal("instance.drill", job.Text("type"));
        var drill = await DrillAsync(accepted["drill"].Text("id"));
        Assert.Equal("succeeded", drill.Text("state"));
        Assert.Equal(drill.ToJsonString(), (await DrillsAsync(project))[0].ToJsonString());
        var declared = (await ApiDescription.LoadAsync(Api)).Operations.Single(operation => operation is { Method: "GET", Path: "/v1/drills/{drillId}" });
        Assert.Null(declared.Problem(await Api.GetAsync($"/v1/drills/{drill.Text("id")}")));
        Assert.InRange(drill.Number("tables"), 0, 2);
        Assert.InRange(drill["rto_seconds"]!.GetValue<double>(), 0.1, 120);
        Assert.True(drill["recovery_seconds"]!.GetValue<double>() <= drill["rto_seconds"]!.GetValue<double>());
        Assert.StartsWith("base_", drill.Text("base_backup_id"), StringComparison.Ordinal);
        Assert.Equal(drill["rto_seconds"]!.GetValue<double>(), job["result"]!["rto_seconds"]!.GetValue<double>());
        var window = (await Api.GetAsync($"/v1/projects/{project}/recovery-window")).Expect(200)["recovery_window"];
        Assert.Equal(drill["rto_seconds"]!.GetValue<double>(), window["last_drill_rto_seconds"]!.GetValue<double>());

        Assert.Empty(Directory.GetDirectories(Path.Combine(ground.Daemon.DataDirectory, "sandboxes")));
        Assert.Empty(await ground.Superuser.ListAsync("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'capyd\\_%'"));
        var metrics = Exposition.Parse((await Api.GetAsync("/metrics")).Expect(200).Text);
        Assert.True(metrics["capyd_drill_rto_seconds"] > 0);
        Assert.True(metrics["capyd_drills{state=\"succeeded\"}"] >= 1);
        Assert.Equal(1, metrics["capyd_wal_streaming"]);
        Assert.InRange(metrics["capyd_recovery_point_age_seconds"], 0, 30);
        Assert.True(metrics["capyd_repository_bytes{kind=\"stored\"}"] < metrics["capyd_repository_bytes{kind=\"logical\"}"]);
    }

    [SystemFact]
    public async Task What_is_recovered_at_the_moment_of_a_dump_is_what_the_dump_saw()
    {
        var (project, url) = await FilledAsync("Twice proven");
        await Tenant.ExecuteAsync(url, "CREATE UNLOGGED TABLE scratch AS SELECT 1 AS n; CREATE SEQUENCE numbers; SELECT nextval('numbers')");
        var backup = await Api.NewBackupAsync(project);
        await Tenant.ExecuteAsync(url, "DELETE FROM orders WHERE id > 10; DROP TABLE notes");

        var accepted = (await Api.PostAsync("/v1/drills", new JsonObject { ["project_id"] = project, ["backup_key"] = backup.Text("backup_key") })).Expect(202);
        await Api.CompletedAsync(accepted.JobId);
        var drill = await DrillAsync(accepted["drill"].Text("id"));
        Assert.Equal(("succeeded", backup.Text("id")), (drill.Text("state"), drill.Text("proof_backup_id")));
        Assert.Equal(250, drill.Number("rows"));
    }

    [SystemFact]
    public async Task Damage_fails_the_drill_and_opens_an_alert_that_a_good_drill_resolves()
    {
        var (project, url) = await FilledAsync("Damaged");
        await Tenant.ExecuteAsync(url, """
            CREATE FUNCTION key_of(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1';
            CREATE INDEX lying ON orders (key_of(id));
            CREATE OR REPLACE FUNCTION key_of(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1000000';
            """);
        var failed = await Api.EndOfJobAsync((await LatestAsync(project)).JobId);
        Assert.Contains("pg_amcheck found damage", failed.Text("error"), StringComparison.Ordinal);
        Assert.Contains("lying", (await DrillsAsync(project))[0].Text("error"), StringComparison.Ordinal);
        Assert.Empty(await ground.Superuser.ListAsync("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'capyd\\_%'"));
        var status = (await Api.GetAsync("/status")).Json;
        Assert.Equal(("degraded", "degraded"), (status.Text("status"), status.Objects("components").Single(part => part.Text("name") == "Drills").Text("status")));
        await Until.TrueAsync("the alert is open", async () => (await AlertsAsync(project)).Any(alert => alert["resolved_at"] is null), 60);

        await Tenant.ExecuteAsync(url, "REINDEX INDEX lying");
        await Api.CompletedAsync((await LatestAsync(project)).JobId);
        Assert.Equal("operational", (await Api.GetAsync("/status")).Json.Text("status"));
        await Until.TrueAsync("the alert is resolved", async () => (await AlertsAsync(project)).All(alert => alert["resolved_at"] is not null), 60);
    }

    [SystemFact]
    public async Task What_cannot_be_recovered_is_refused_before_any_work()
    {
        var (project, _) = await FilledAsync("Refused");
        (await DrillAsync(project, "time", "2026-11-21T10:00:00")).Refused(400, "time: wants a moment with its offset");
        (await DrillAsync(project, "time", "2001-01-01T00:00:00Z")).Refused(400, "earliest");
        (await DrillAsync(project, "backup_key", "nothing")).Refused(404, "backup not found");
        (await DrillAsync("prj_aaaaaaaaaaaaaaaaaaaa", "time", "2026-11-21T10:00:00Z")).Refused(404, "project not found");
        using var reader = await ground.Daemon.ClientAsync("backups:read");
        (await reader.PostAsync("/v1/drills")).Refused(403, "backups:write");

        using var bound = await ground.Daemon.ClientAsync(project: await Api.NewProjectAsync("Another"));
        (await bound.PostAsync("/v1/drills", new JsonObject { ["project_id"] = project })).Refused(404, "project not found");
        Assert.Empty((await bound.GetAsync("/v1/drills")).Expect(200).Json.Objects("drills"));
        Assert.Empty(await DrillsAsync(project));
        (await Api.GetAsync("/v1/drills/nonsense")).Refused(404, "drill not found");
        (await Api.GetAsync("/v1/drills/drl_aaaaaaaaaaaaaaaaaaaa")).Refused(404, "drill not found");
        var another = (await LatestAsync(project)).JobId;
        var id = (await DrillsAsync(project))[0].Text("id");
        (await bound.GetAsync($"/v1/drills/{id}")).Refused(404, "drill not found");
        (await Api.GetAsync($"/v1/drills/{id}")).Expect(200);
        await Api.CompletedAsync(another);
    }

    [SystemFact]
    public async Task The_command_tells_how_long_it_took()
    {
        var (project, _) = await FilledAsync("By command");
        var run = await ground.Daemon.CommandAsync("drill", "--project", "By command");
        Assert.Contains("instance.drill completed", run.Good(), StringComparison.Ordinal);
        Assert.Matches("usable after [0-9.]+ s, [0-9]+ tables with [0-9]+ rows checked", run.Errors);
        Assert.Contains(project, (await ground.Daemon.CommandAsync("drill", "list")).Good(), StringComparison.Ordinal);
    }

    private Task<Reply> DrillAsync(string project, string field, string value) =>
        Api.PostAsync("/v1/drills", new JsonObject { ["project_id"] = project, [field] = value });

    /// <summary>A drill of everything that was committed until now.</summary>
    private async Task<Reply> LatestAsync(string project) =>
        (await DrillAsync(project, "time", PitrGround.Show(DateTimeOffset.UtcNow.AddHours(1)))).Expect(202);

    private async Task<JsonObject> DrillAsync(string id) => (await Api.GetAsync($"/v1/drills/{id}")).Expect(200)["drill"];

    private async Task<IReadOnlyList<JsonObject>> DrillsAsync(string project) =>
        (await Api.GetAsync("/v1/drills")).Expect(200).Json.Objects("drills").Where(drill => drill.Text("project_id") == project).ToList();

    private async Task<IReadOnlyList<JsonObject>> AlertsAsync(string project) =>
        (await Api.GetAsync($"/v1/projects/{project}/alerts")).Expect(200).Json.Objects("alerts").Where(alert => alert.Text("kind") == "drill_failure").ToList();

    /// <summary>With content, and a base backup after it.</summary>
    private async Task<(string Project, string Url)> FilledAsync(string name)
    {
        var project = await Api.NewProjectAsync(name);
        var url = await Api.UrlAsync(project);
        await ProjectCalls.FillAsync(url);
        await ground.BaseBackupAsync();
        return (project, url);
    }
}
