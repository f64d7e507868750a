namespace Capyd.SystemTests.RestorePoints;

[Collection(nameof(EmbeddedDaemon))]
public sealed class RestorePointTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task A_label_on_a_backup_is_listed_restored_from_and_taken_away()
    {
        var (project, key) = await BackedUpAsync("Labelled");
        var created = (await CreateAsync(project, new JsonObject { ["label"] = " before the migration ", ["backup_key"] = key, ["note"] = "two\nlines", ["pitr_time"] = "" })).Expect(201);
        var point = created["restore_point"];
        Assert.Equal(("before the migration", "backup", "active", key), (point.Text("label"), point.Text("kind"), point.Text("state"), point.Text("backup_key")));
        Assert.Equal("api_key", point.Text("created_by_actor_kind"));
        Assert.Null(point["pitr_time"]);
        var id = point.Text("id");
        Assert.Equal($"/v1/projects/{project}/restore-points/{id}", created.Headers["Location"]);
        var list = (await Api.GetAsync($"/v1/projects/{project}/restore-points")).Expect(200).Json;
        Assert.Equal(0, list.Number("pitr_window_days"));
        Assert.Equal(point.ToJsonString(), Assert.Single(list.Objects("restore_points")).ToJsonString());

        var job = await Api.CompletedAsync(await Api.RestoreAsync(project, new JsonObject { ["restore_point_id"] = id, ["backup_key"] = "" }));
        Assert.Equal(
            await ProjectCalls.ContentAsync(await Api.UrlAsync(project)), await ProjectCalls.ContentAsync(await Api.PreviewUrlAsync(job.Text("preview_database_id"))));

        Assert.Equal("""{"deleted":true}""", (await Api.DeleteAsync($"/v1/projects/{project}/restore-points/{id}")).Expect(200).Text);
        (await Api.DeleteAsync($"/v1/projects/{project}/restore-points/{id}")).Refused(404, "restore point not found");
        (await Api.RestoreAsync(project, new JsonObject { ["restore_point_id"] = id })).Refused(404, "restore point not found");
        Assert.Equal(key, Assert.Single(await Api.BackupsAsync(project)).Text("backup_key"));
        Assert.Equal(
            ["restore_point.created", "restore_point.deleted"],
            (await embedded.Daemon.Metadata.ListAsync($"SELECT action FROM audit_events WHERE project_id = '{project}' AND action LIKE 'restore_point%'")).Order());
    }

    [SystemFact]
    public async Task The_present_instant_gets_a_name_in_the_WAL()
    {
        var project = await Api.NewProjectAsync("Instant");
        var before = await embedded.Superuser.OneAsync("postgres", "SELECT pg_current_wal_insert_lsn()::text");
        var point = (await CreateAsync(project, new JsonObject { ["label"] = "now" })).Expect(201)["restore_point"];
        Assert.Equal("pitr", point.Text("kind"));
        Assert.True(DateTimeOffset.Parse(point.Text("pitr_time"), System.Globalization.CultureInfo.InvariantCulture) <= DateTimeOffset.Parse(point.Text("created_at"), System.Globalization.CultureInfo.InvariantCulture).AddMinutes(1));
        Assert.Equal("True", await embedded.Superuser.OneAsync("postgres", $"SELECT '{point.Text("wal_lsn")}'::pg_lsn > '{before}'::pg_lsn"));
        var dump = await embedded.Superuser.OneAsync("postgres", "SELECT setting FROM pg_settings WHERE name = 'data_directory'");
        var records = await Command.AsPostgresAsync(Path.Combine(Machine.PostgresBin, "pg_waldump"), "-p", Path.Combine(dump!, "pg_wal"), "--rmgr=XLOG", "--start", before!);
        Assert.Contains($"capyd_{point.Text("id")}", records.Output + records.Errors, StringComparison.Ordinal);
        (await Api.RestoreAsync(project, new JsonObject { ["restore_point_id"] = point.Text("id") })).Refused(409, "WAL is not kept");
    }

    [SystemTheory]
    [InlineData("""{}""", 400, "label")]
    [InlineData("""{"label":"  "}""", 400, "label")]
    [InlineData("""{"label":"a\u0007b"}""", 400, "label")]
    [InlineData("""{"label":"a","note":"a\u0000b"}""", 400, "note")]
    [InlineData("""{"label":"a","kind":"snapshot"}""", 400, "kind must be one of")]
    [InlineData("""{"label":"a","kind":"backup"}""", 400, "backup_key")]
    [InlineData("""{"label":"a","kind":"pitr","backup_key":"x"}""", 400, "backup_key")]
    [InlineData("""{"label":"a","backup_key":"../../etc/passwd"}""", 400, "no such backup")]
    [InlineData("""{"label":"a","pitr_time":"2026-01-01T00:00:00Z"}""", 400, "before the project was made")]
    [InlineData("""{"label":"a","pitr_time":"soon"}""", 400, "pitr_time")]
    [InlineData("""{"label":"a","pitr_time":"2026-01-01T00:00:00Z","backup_key":"x"}""", 400, "not both")]
    public async Task A_request_that_makes_no_sense_is_refused_with_its_reason(string body, int status, string words) =>
        (await CreateAsync(await SharedAsync(), JsonNode.Parse(body)!.AsObject())).Refused(status, words);

    [SystemFact]
    public async Task A_backup_of_another_project_and_the_point_of_another_project_are_unknown()
    {
        var (project, key) = await BackedUpAsync("Own");
        var other = await SharedAsync();
        (await CreateAsync(other, new JsonObject { ["label"] = "stolen", ["backup_key"] = key })).Refused(400, "no such backup");
        var id = (await CreateAsync(project, new JsonObject { ["label"] = "mine", ["backup_key"] = key })).Expect(201)["restore_point"].Text("id");
        (await Api.DeleteAsync($"/v1/projects/{other}/restore-points/{id}")).Refused(404, "restore point not found");
        (await Api.RestoreAsync(other, new JsonObject { ["restore_point_id"] = id })).Refused(404, "restore point not found");
        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE backups SET state = 'expired' WHERE backup_key = '{key}'");
        (await CreateAsync(project, new JsonObject { ["label"] = "late", ["backup_key"] = key })).Refused(400, "expired");
        using var reader = await embedded.Daemon.ClientAsync("backups:read");
        (await reader.PostAsync($"/v1/projects/{project}/restore-points", new JsonObject { ["label"] = "x" })).Refused(403, "backups:write");
    }

    [SystemFact]
    public async Task A_deleted_project_takes_its_labels_along()
    {
        var (project, key) = await BackedUpAsync("Passing");
        (await CreateAsync(project, new JsonObject { ["label"] = "x", ["backup_key"] = key })).Expect(201);
        await Api.CompletedAsync(await Api.DeleteAsync($"/v1/projects/{project}?skip_final_backup=true"));
        Assert.Equal("0", await embedded.Daemon.Metadata.OneAsync($"SELECT count(*) FROM restore_points WHERE project_id = '{project}'"));
    }

    private Task<Reply> CreateAsync(string project, JsonObject body) => Api.PostAsync($"/v1/projects/{project}/restore-points", body);

    private async Task<(string Project, string Key)> BackedUpAsync(string name)
    {
        var project = await Api.NewProjectAsync(name);
        await ProjectCalls.FillAsync(await Api.UrlAsync(project), 50);
        return (project, (await Api.NewBackupAsync(project)).Text("backup_key"));
    }

    private async Task<string> SharedAsync() =>
        (await Api.GetAsync("/v1/projects")).Json.Objects("projects").FirstOrDefault(project => project.Text("name") == "Unlabelled")?.Text("id")
        ?? await Api.NewProjectAsync("Unlabelled");
}
