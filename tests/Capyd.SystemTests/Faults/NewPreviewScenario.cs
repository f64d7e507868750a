namespace Capyd.SystemTests.Faults;

internal sealed class NewPreviewScenario : Scenario
{
    private int _earlier;

    public override string JobType => "project.restore";

    public override async Task PrepareAsync(FaultGround ground) => _earlier = (await ground.Api.PreviewsAsync(ground.Project)).Count;

    public override Task DriveAsync(FaultGround ground) =>
        FaultGround.AskAsync(ground.Api.RestoreAsync(ground.Project, new JsonObject { ["backup_key"] = ground.BackupKey }));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        var previews = await ground.Api.PreviewsAsync(ground.Project);
        Assert.Equal(_earlier + 1, previews.Count);
        Assert.All(previews, preview => Assert.Equal("ready", preview.Text("state")));
        var id = (await ground.Api.GetAsync($"/v1/jobs/{jobId}"))["job"].Text("preview_database_id");
        Assert.Equal(ground.Content, await ProjectCalls.ContentAsync(await ground.Api.PreviewUrlAsync(id)));
    }
}
