namespace Capyd.SystemTests.Recovery;

public sealed class RestoreTimeTests(PitrGround ground) : IClassFixture<PitrGround>
{
    private ApiClient Api => ground.Api;

    [SystemFact]
    public async Task A_dropped_table_comes_back_in_a_new_preview()
    {
        var (project, url) = await FilledAsync("Dropped");
        var moment = await PitrGround.RecordAsync(url);
        await Tenant.ExecuteAsync(url, "DROP TABLE orders CASCADE");

        var reply = (await Api.RestoreAsync(project, new JsonObject { ["restore_time"] = moment.At, ["preview_name"] = "back" })).Expect(202);
        var pitr = reply["pitr"];
        Assert.Equal(PitrGround.Parse(moment.At), pitr["requested_restore_time"]!.GetValue<DateTimeOffset>());
        Assert.Equal(PitrGround.Parse(moment.At), pitr["restore_time"]!.GetValue<DateTimeOffset>());
        Assert.False(pitr["restore_time_clamped"]!.GetValue<bool>());
        var job = await Api.CompletedAsync(reply.JobId);
        Assert.True(job["result"]!["last_commit_at"]!.GetValue<DateTimeOffset>() <= PitrGround.Parse(moment.At));
        var preview = (await Api.PreviewsAsync(project)).Single();
        Assert.Equal(("back", "ready", "point_in_time"), (preview.Text("name"), preview.Text("state"), preview.Text("source_kind")));
        Assert.Equal(PitrGround.Parse(moment.At).ToUnixTimeMilliseconds(), preview["source_restore_time"]!.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds());
        Assert.Equal(moment.Content, await ProjectCalls.ContentAsync(await Api.PreviewUrlAsync(preview.Text("id"))));
        Assert.Empty(Directory.GetDirectories(Path.Combine(ground.Daemon.DataDirectory, "sandboxes")));
        Assert.Empty(await ground.Superuser.ListAsync("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'capyd\\_build\\_%'"));
    }

    [SystemFact]
    public async Task A_preview_of_a_moment_is_reset_to_that_moment_while_it_can_be_recovered()
    {
        var (project, url) = await FilledAsync("Reset");
        var moment = await PitrGround.RecordAsync(url);
        await Tenant.ExecuteAsync(url, "DELETE FROM orders");
        var copy = await ground.RestoredAsync(project, moment.At);
        var preview = (await Api.PreviewsAsync(project)).Single().Text("id");
        for (var time = 0; time < 2; time++)
        {
            await Tenant.ExecuteAsync(copy, "DROP TABLE orders CASCADE");
            var job = await Api.CompletedAsync((await Api.PostAsync($"/v1/preview-databases/{preview}/reset")).Expect(202).JobId);
            Assert.Equal(("preview.reset", "recovery"), (job.Text("type"), job["result"]!.Text("method")));
            Assert.Equal(moment.Content, await ProjectCalls.ContentAsync(copy));
        }

        Assert.Equal(("ready", "point_in_time"), ((await Api.PreviewsAsync(project)).Single().Text("state"), (await Api.PreviewsAsync(project)).Single().Text("source_kind")));
        await ground.Daemon.Metadata.ExecuteAsync(
            $"UPDATE previews SET source_restore_time = source_restore_time - 400 * 86400000 WHERE id = '{preview}'");
        var refused = (await Api.PostAsync($"/v1/preview-databases/{preview}/reset")).Refused(409, "which cannot be recovered any more");
        Assert.Contains("before the earliest moment", refused.Error, StringComparison.Ordinal);
        Assert.Contains("target_kind preview", refused.Json.Text("hint"), StringComparison.Ordinal);
        Assert.Equal(moment.Content, await ProjectCalls.ContentAsync(copy));
    }

    [SystemFact]
    public async Task A_project_that_was_made_after_the_base_backup_is_restored_from_the_log_alone()
    {
        await ground.BaseBackupAsync();
        var project = await Api.NewProjectAsync("Young");
        var url = await Api.UrlAsync(project);
        await ProjectCalls.FillAsync(url, 500);
        var moment = await PitrGround.RecordAsync(url);
        await Tenant.ExecuteAsync(url, "DELETE FROM orders");
        Assert.Equal(moment.Content, await ProjectCalls.ContentAsync(await ground.RestoredAsync(project, moment.At)));
    }

    [SystemFact]
    public async Task A_project_is_overwritten_undone_and_still_restored_to_moments_before_and_after_both()
    {
        var (project, url) = await FilledAsync("Swapped");
        var first = await PitrGround.RecordAsync(url);
        await Tenant.ExecuteAsync(url, "UPDATE orders SET total = total + 1");
        var second = await PitrGround.RecordAsync(url);

        var body = new JsonObject { ["restore_time"] = first.At, ["target_kind"] = "project" };
        (await Api.RestoreAsync(project, body)).Refused(400, "this action requires an approval token");
        body["approval_token"] = await ground.ApproveAsync(project, "project.restore_overwrite");
        await Api.CompletedAsync(await Api.RestoreAsync(project, body));
        Assert.Equal(first.Content, await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('in the restored one', 1)");
        var third = await PitrGround.RecordAsync(url);
        await ground.BaseBackupAsync();
        await Api.CompletedAsync(await Api.PostAsync($"/v1/projects/{project}/restores/undo"));
        Assert.Equal(second.Content, await ProjectCalls.ContentAsync(url));
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('after the undo', 1)");
        var fourth = await PitrGround.RecordAsync(url);
        await Tenant.ExecuteAsync(url, "TRUNCATE orders");

        foreach (var moment in new[] { second, third, fourth })
        {
            Assert.Equal(moment.Content, await ProjectCalls.ContentAsync(await ground.RestoredAsync(project, moment.At)));
        }
    }

    [SystemFact]
    public async Task An_old_preview_takes_a_moment_and_keeps_its_address()
    {
        var (project, url) = await FilledAsync("Again");
        var early = await PitrGround.RecordAsync(url);
        await Tenant.ExecuteAsync(url, "DELETE FROM notes WHERE id > 3");
        var late = await PitrGround.RecordAsync(url);
        var address = await ground.RestoredAsync(project, early.At);
        var preview = (await Api.PreviewsAsync(project)).Single().Text("id");
        await Api.CompletedAsync(await Api.RestoreAsync(project, new JsonObject { ["restore_time"] = late.At, ["target_kind"] = "preview", ["preview_id"] = preview }));
        Assert.Equal(late.Content, await ProjectCalls.ContentAsync(address));
    }

    [SystemFact]
    public async Task A_named_point_is_a_source_and_so_is_a_moment_that_was_pinned_later()
    {
        var (project, url) = await FilledAsync("Named");
        var point = (await Api.PostAsync($"/v1/projects/{project}/restore-points", new JsonObject { ["label"] = "now" })).Expect(201)["restore_point"];
        var expected = await ProjectCalls.ContentAsync(url);
        await Tenant.ExecuteAsync(url, "DELETE FROM orders WHERE id % 2 = 0");
        var moment = await PitrGround.RecordAsync(url);
        await Tenant.ExecuteAsync(url, "DELETE FROM orders");
        var pinned = (await Api.PostAsync($"/v1/projects/{project}/restore-points", new JsonObject { ["label"] = "then", ["pitr_time"] = moment.At })).Expect(201)["restore_point"];
        Assert.Equal(PitrGround.Parse(moment.At).ToUnixTimeMilliseconds(), pinned["pitr_time"]!.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds());
        Assert.Equal(7, (await Api.GetAsync($"/v1/projects/{project}/restore-points")).Json.Number("pitr_window_days"));
        (await Api.PostAsync($"/v1/projects/{project}/restore-points", new JsonObject { ["label"] = "x", ["pitr_time"] = "2099-01-01T00:00:00Z" })).Refused(400, "pitr_time");

        Assert.Equal(expected, await FromPointAsync(project, point));
        Assert.Equal(moment.Content, await FromPointAsync(project, pinned));
    }

    [SystemFact]
    public async Task The_window_says_what_can_be_restored_and_what_cannot_is_refused_with_what_can()
    {
        var (project, url) = await FilledAsync("Window");
        var window = (await Api.GetAsync($"/v1/projects/{project}/recovery-window")).Expect(200)["recovery_window"];
        Assert.True(window["available"]!.GetValue<bool>());
        Assert.Empty(window["gaps"]!.AsArray());
        Assert.True(window["rpo_seconds"]!.GetValue<double>() < 30);
        Assert.Null(window["last_drill_rto_seconds"]);
        Assert.True(window.Number("base_backups") > 0);
        var earliest = window["earliest"]!.GetValue<DateTimeOffset>();
        Assert.True(earliest <= window["latest"]!.GetValue<DateTimeOffset>());
        var created = (await Api.ProjectAsync(project))["created_at"]!.GetValue<DateTimeOffset>();
        Assert.True(earliest >= created);

        (await At(project, PitrGround.Show(created.AddMinutes(-1)))).Refused(400, "before the project was made");
        (await At(project, "2026-11-21T10:00:00")).Refused(400, "restore_time: wants a moment with its offset");
        (await At(project, "yesterday")).Refused(400, "restore_time");
        (await At(project, "2026-11-21T13am:00:00Z")).Refused(400, "restore_time");

        var asked = DateTimeOffset.UtcNow.AddHours(1);
        var content = await ProjectCalls.ContentAsync(url);
        var clamped = (await At(project, PitrGround.Show(asked))).Expect(202);
        Assert.True(clamped["pitr"]["restore_time_clamped"]!.GetValue<bool>());
        Assert.True(clamped["pitr"]["restore_time"]!.GetValue<DateTimeOffset>() < asked.AddMinutes(-50));
        var job = await Api.CompletedAsync(clamped.JobId);
        Assert.Equal(content, await ProjectCalls.ContentAsync(await Api.PreviewUrlAsync(job.Text("preview_database_id"))));
    }

    private Task<Reply> At(string project, string at) => Api.RestoreAsync(project, new JsonObject { ["restore_time"] = at });

    private async Task<string?> FromPointAsync(string project, JsonObject point)
    {
        var job = await Api.CompletedAsync(await Api.RestoreAsync(project, new JsonObject { ["restore_point_id"] = point.Text("id") }));
        return await ProjectCalls.ContentAsync(await Api.PreviewUrlAsync(job.Text("preview_database_id")));
    }

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
