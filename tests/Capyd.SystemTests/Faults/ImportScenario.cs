namespace Capyd.SystemTests.Faults;

/// <summary>Another project of the same server is the source, read as its own role.</summary>
internal sealed class ImportScenario : Scenario
{
    private string _target = "";
    private string _source = "";
    private string? _content;

    public override string JobType => "project.import";

    public override async Task PrepareAsync(FaultGround ground)
    {
        _source = await ground.Api.UrlAsync(ground.Project);
        _content = await ProjectCalls.ContentAsync(_source);
        _target = await ground.Api.NewProjectAsync("Import target");
        await Tenant.ExecuteAsync(await ground.Api.UrlAsync(_target), "CREATE TABLE replaced (n int)");
    }

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.PostAsync($"/v1/projects/{_target}/imports", new JsonObject
    {
        ["source_url"] = _source, ["confirm"] = true, ["recreate"] = true,
    }));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        Assert.Equal("ready", (await ground.Api.ProjectAsync(_target)).Text("state"));
        Assert.Equal(_content, await ProjectCalls.ContentAsync(await ground.Api.UrlAsync(_target)));
        Assert.Equal("1", await ground.Daemon.Metadata.OneAsync($"SELECT count(*) FROM parked_databases WHERE job_id = '{jobId}'"));
        Assert.Equal("0", await ground.Daemon.Metadata.OneAsync("SELECT count(*) FROM jobs WHERE secret_payload IS NOT NULL"));
        Assert.NotNull((await ground.Api.GetAsync($"/v1/jobs/{jobId}"))["job"]["result"]!["report"]);
    }
}
