namespace Capyd.SystemTests.Alerts;

/// <summary>Contract D.11, and the storage limit: with a daemon that looks each second.</summary>
public sealed class AlertTests() : DaemonGround(("CAPYD_ALERTS_INTERVAL", "1"), ("CAPYD_ALERTS_UNREACHABLE_AFTER", "1"), ("CAPYD_PLAN_STORAGE_LIMIT", "48MiB"), ("CAPYD_PLAN_MAX_CONNECTIONS", "5"))
{
    private async Task<IReadOnlyList<JsonObject>> AlertsAsync(string project) => (await Api.GetAsync($"/v1/projects/{project}/alerts")).Expect(200).Json.Objects("alerts");

    private Task<JsonObject> AlertAsync(string project, string kind, string severity, bool open = true) => Until.FoundAsync(
        $"{kind} is {severity}, open: {open}", async () => (await AlertsAsync(project)).FirstOrDefault(alert =>
            alert.Text("kind") == kind && alert.Text("severity") == severity && alert["resolved_at"] is null == open));

    [SystemFact]
    public async Task A_full_database_is_held_alerts_and_is_let_go_when_there_is_room()
    {
        var project = await Api.NewProjectAsync("Full");
        var url = await Api.UrlAsync(project);
        Assert.Empty(await AlertsAsync(project));
        await using var early = await Tenant.OpenAsync(url);
        await early.ExecuteAsync("CREATE TABLE big (v text); ALTER TABLE big ALTER v SET STORAGE EXTERNAL; INSERT INTO big SELECT repeat('x', 100000) FROM generate_series(1, 480)");
        var alert = await AlertAsync(project, "storage", "critical");
        Assert.True(alert["observed_value"]!.GetValue<long>() >= alert["limit_value"]!.GetValue<long>() * 0.95);
        Assert.Equal(48 << 20, alert["limit_value"]!.GetValue<long>());
        Assert.NotNull(alert["last_notified_at"]);

        await Until.TrueAsync("new sessions cannot write", async () => await Tenant.OneAsync(url, "SHOW default_transaction_read_only") == "on");
        Assert.Equal("25006", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Tenant.ExecuteAsync(url, "INSERT INTO big VALUES ('no')"))).SqlState);
        await early.ExecuteAsync("INSERT INTO big VALUES ('an open session goes on')");
        (await Api.PostAsync($"/v1/projects/{project}/sql", new JsonObject { ["query"] = "INSERT INTO big VALUES ('no')" })).Refused(400, "SQLSTATE 25006");
        Assert.Contains("critical: storage", (await Api.GetAsync($"/v1/projects/{project}/observability")).Expect(200)["observability"]["alerts"]![0]!.GetValue<string>(), StringComparison.Ordinal);

        var backup = await Api.NewBackupAsync(project);
        var preview = await Api.NewPreviewAsync(project, backup.Text("backup_key"));
        Assert.Equal("off", await Tenant.OneAsync(await Api.PreviewUrlAsync(preview), "SHOW default_transaction_read_only"));

        await early.ExecuteAsync("TRUNCATE big");
        await AlertAsync(project, "storage", "critical", open: false);
        await Until.TrueAsync("new sessions can write again", async () => await Tenant.OneAsync(url, "SHOW default_transaction_read_only") == "off");
        var actions = (await Api.GetAsync($"/v1/projects/{project}/audit-events")).Expect(200).Json.Objects("audit_events").Select(item => item.Text("action")).ToList();
        Assert.Contains("project.storage_hold_set", actions);
        Assert.Contains("project.storage_hold_released", actions);
    }

    [SystemFact]
    public async Task Connections_alert_escalate_and_are_acknowledged_once()
    {
        var project = await Api.NewProjectAsync("Busy");
        var url = await Api.UrlAsync(project);
        var sessions = new List<Npgsql.NpgsqlConnection>();
        for (var i = 0; i < 4; i++)
        {
            sessions.Add(await Tenant.OpenAsync(url));
        }

        var warning = await AlertAsync(project, "connections", "warning");
        Assert.Equal((4, 5), (warning.Number("observed_value"), warning.Number("limit_value")));
        sessions.Add(await Tenant.OpenAsync(url));
        var critical = await AlertAsync(project, "connections", "critical");
        Assert.Equal(warning.Text("id"), critical.Text("id"));
        var path = $"/v1/projects/{project}/alerts/{critical.Text("id")}/acknowledge";
        var first = (await Api.PostAsync(path)).Expect(200)["alert"].Text("acknowledged_at");
        Assert.Equal(first, (await Api.PostAsync(path)).Expect(200)["alert"].Text("acknowledged_at"));
        var other = await Api.NewProjectAsync("Other");
        (await Api.PostAsync($"/v1/projects/{other}/alerts/{critical.Text("id")}/acknowledge")).Refused(404, "alert not found");
        (await Api.PostAsync($"/v1/projects/{project}/alerts/alr_aaaaaaaaaaaaaaaaaaaa/acknowledge")).Refused(404, "alert not found");
        using var reader = await Daemon.ClientAsync("projects:read");
        (await reader.PostAsync(path)).Expect(403);
        sessions.ForEach(session => session.Dispose());
        var resolved = await AlertAsync(project, "connections", "critical", open: false);
        Assert.Equal(first, resolved.Text("acknowledged_at"));
        Assert.Single(await AlertsAsync(project));
    }

    [SystemFact]
    public async Task An_unreachable_database_and_a_failed_backup_are_alerts_until_mended()
    {
        var project = await Api.NewProjectAsync("Gone");
        var database = (await Api.ProjectAsync(project)).Text("database_name");
        await Superuser.ExecuteAsync("postgres", $"ALTER DATABASE \"{database}\" ALLOW_CONNECTIONS false");
        await AlertAsync(project, "database_unreachable", "critical");
        var job = (await Api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        Assert.Equal("failed", (await Api.EndOfJobAsync(job)).Text("state"));
        await AlertAsync(project, "backup_failure", "warning");
        await Superuser.ExecuteAsync("postgres", $"ALTER DATABASE \"{database}\" ALLOW_CONNECTIONS true");
        await AlertAsync(project, "database_unreachable", "critical", open: false);
        await Api.NewBackupAsync(project);
        await AlertAsync(project, "backup_failure", "warning", open: false);
    }

    [SystemFact]
    public async Task A_schedule_without_a_proven_backup_for_a_day_is_stale()
    {
        var project = await Api.NewProjectAsync("Stale");
        (await Api.PutAsync($"/v1/projects/{project}/scheduled-backups/default", new JsonObject { ["cron_hour"] = 1, ["cron_minute"] = 2, ["is_active"] = true })).Expect(200);
        var longAgo = DateTimeOffset.UtcNow.AddHours(-27).ToUnixTimeMilliseconds();
        await Daemon.Metadata.ListAsync($"UPDATE schedules SET created_at = {longAgo} WHERE project_id = '{project}'");
        var alert = await AlertAsync(project, "backup_stale", "warning");
        Assert.Equal(26 * 3600, alert.Number("limit_value"));
        await Api.NewBackupAsync(project);
        await AlertAsync(project, "backup_stale", "warning", open: false);
    }

    [SystemFact]
    public async Task Slow_queries_are_shown_where_the_server_counts_them()
    {
        var data = (await Superuser.OneAsync("postgres", "SHOW data_directory"))!;
        await File.WriteAllTextAsync(Path.Combine(data, "custom.conf"), "shared_preload_libraries = 'pg_stat_statements'\n");
        await Daemon.TerminateAsync();
        await Daemon.StartAsync();
        var project = await Api.NewProjectAsync("Slow");
        var database = (await Api.ProjectAsync(project)).Text("database_name");
        await Superuser.ExecuteAsync(database, "CREATE EXTENSION pg_stat_statements SCHEMA public");
        await Tenant.ExecuteAsync(await Api.UrlAsync(project), "SELECT pg_sleep(0.2), 'a value'");
        var body = (await Api.GetAsync($"/v1/projects/{project}/observability")).Expect(200)["observability"];
        Assert.True(body["pg_stat_statements"]!.GetValue<bool>());
        var slow = body.Objects("slow_queries").First(query => query.Text("query").Contains("pg_sleep", StringComparison.Ordinal));
        Assert.Equal((1, 1), (slow.Number("calls"), slow.Number("rows")));
        Assert.True(slow["mean_time_ms"]!.GetValue<double>() >= 200);
        Assert.DoesNotContain("a value", slow.Text("query"), StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task While_the_server_is_away_every_project_is_unreachable_and_mended_when_it_is_back()
    {
        await using var server = await AttachedServer.CreateAsync();
        await using var daemon = CapydDaemon.Attached(Machine.NewDirectory(), server, ("CAPYD_ALERTS_INTERVAL", "1"), ("CAPYD_ALERTS_UNREACHABLE_AFTER", "1"));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        var project = await api.NewProjectAsync("Away");
        await server.StopAsync();
        await Until.TrueAsync("an alert opens", async () => (await OpenAsync(api, project)) == 1);
        (await api.PostAsync($"/v1/projects/{project}/sql", new JsonObject { ["query"] = "SELECT 1" })).Expect(503);
        (await api.GetAsync($"/v1/projects/{project}/schema")).Expect(503);
        (await api.GetAsync($"/v1/projects/{project}/observability")).Expect(503);
        await server.StartAsync();
        await Until.TrueAsync("it is resolved", async () => (await OpenAsync(api, project)) == 0);
    }

    private static async Task<int> OpenAsync(ApiClient api, string project) =>
        (await api.GetAsync($"/v1/projects/{project}/alerts")).Expect(200).Json.Objects("alerts").Count(alert => alert["resolved_at"] is null && alert.Text("kind") == "database_unreachable");
}
