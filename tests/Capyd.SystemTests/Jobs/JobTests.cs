namespace Capyd.SystemTests.Jobs;

[Collection(nameof(EmbeddedDaemon))]
public sealed class JobTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task Jobs_are_listed_newest_first_with_all_their_fields()
    {
        var project = await Api.NewProjectAsync("Busy");
        await Api.NewBackupAsync(project);
        var jobs = (await Api.GetAsync($"/v1/projects/{project}/jobs")).Expect(200).Json.Objects("jobs");
        Assert.Equal(["project.backup", "project.provision"], jobs.Select(job => job.Text("type")));
        var backup = jobs[0];
        Assert.Equal("completed", backup.Text("state"));
        Assert.Equal($"project:{project}", backup.Text("locked_resource"));
        Assert.Equal(project, backup.Text("project_id"));
        Assert.Equal(1, backup.Number("attempts"));
        Assert.Equal(3, backup.Number("max_attempts"));
        Assert.Equal(1, backup["progress"]!.GetValue<double>());
        Assert.True(backup["completed_at"]!.GetValue<DateTimeOffset>() >= backup["started_at"]!.GetValue<DateTimeOffset>());
        Assert.False(backup.ContainsKey("error"));
        Assert.Single((await Api.GetAsync($"/v1/projects/{project}/jobs?limit=1")).Expect(200).Json.Objects("jobs"));
        (await Api.GetAsync("/v1/jobs/job_aaaaaaaaaaaaaaaaaaaa")).Refused(404, "job not found");
    }

    [SystemFact]
    public async Task The_events_of_a_job_run_up_to_its_end()
    {
        var project = await Api.NewProjectAsync("Watched");
        await ProjectCalls.FillAsync(await Api.UrlAsync(project));
        var job = (await Api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        var stream = (await Api.GetAsync($"/v1/jobs/{job}/events")).Expect(200);
        Assert.StartsWith("text/event-stream", stream.Headers["Content-Type"], StringComparison.Ordinal);
        var events = stream.Text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[6..])!["job"]!).ToList();
        Assert.Equal("completed", events[^1].Text("state"));
        Assert.All(events, shown => Assert.Equal(job, shown.Text("id")));
        var progress = events.Select(shown => shown["progress"]?.GetValue<double>() ?? 0).ToList();
        Assert.Equal(progress.Order(), progress);
    }

    [SystemFact]
    public async Task A_pending_job_is_cancelled_at_once_and_an_ended_one_cannot_be()
    {
        var project = await Api.NewProjectAsync("Cancelled");
        await using var session = await BlockAsync(project);
        var job = (await Api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        var waiting = (await Api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        (await Api.PostAsync($"/v1/projects/{project}/credentials/rotate")).Refused(409, "project has an active operation");
        (await Api.PostAsync($"/v1/jobs/{waiting}/cancel")).Expect(202);
        (await Api.PostAsync($"/v1/jobs/{job}/cancel")).Expect(202);
        await session.ExecuteAsync("ROLLBACK");

        foreach (var id in new[] { job, waiting })
        {
            var ended = await Api.EndOfJobAsync(id);
            Assert.Equal("failed", ended.Text("state"));
            Assert.Equal("cancelled", ended.Text("error"));
            (await Api.PostAsync($"/v1/jobs/{id}/cancel")).Refused(409, "the job has ended");
        }

        Assert.DoesNotContain(await Api.BackupsAsync(project), backup => backup.Text("state") == "completed");
        Assert.Equal("verified", (await Api.NewBackupAsync(project)).Text("verification_state"));
    }

    /// <summary>A lock that holds up any dump of the project until the session is rolled back.</summary>
    private async Task<Npgsql.NpgsqlConnection> BlockAsync(string project)
    {
        var url = await Api.UrlAsync(project);
        await ProjectCalls.FillAsync(url, 5);
        var session = await Tenant.OpenAsync(url);
        await session.ExecuteAsync("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
        return session;
    }
}
