namespace Capyd.SystemTests.Faults;

/// <summary>A clone of files, or of a snapshot when somebody is connected.</summary>
internal sealed class PreviewCreateScenario(bool inUse) : Scenario
{
    private int _earlier;
    private Npgsql.NpgsqlConnection? _session;

    public override string JobType => "preview.create";

    public override async Task PrepareAsync(FaultGround ground)
    {
        _earlier = (await ground.Api.PreviewsAsync(ground.Project)).Count;
        _session = inUse ? await Tenant.OpenAsync(await ground.Api.UrlAsync(ground.Project)) : null;
    }

    public override Task DriveAsync(FaultGround ground) =>
        FaultGround.AskAsync(ground.Api.PostAsync($"/v1/projects/{ground.Project}/preview-databases"));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        var previews = await ground.Api.PreviewsAsync(ground.Project);
        Assert.Equal(_earlier + 1, previews.Count);
        Assert.All(previews, preview => Assert.Equal("ready", preview.Text("state")));
        var job = (await ground.Api.GetAsync($"/v1/jobs/{jobId}"))["job"];
        Assert.Equal(inUse ? "dump" : "template", job["result"]!.Text("method"));
        var copy = await ground.Api.PreviewUrlAsync(job.Text("preview_database_id"));
        Assert.Equal(await ProjectCalls.ContentAsync(await ground.Api.UrlAsync(ground.Project)), await ProjectCalls.ContentAsync(copy));
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }
    }
}
