namespace Capyd.SystemTests.Faults;

internal sealed class PreviewResetScenario : Scenario
{
    private string _preview = "";
    private string _address = "";

    public override string JobType => "preview.reset";

    public override async Task PrepareAsync(FaultGround ground)
    {
        var created = (await ground.Api.PostAsync($"/v1/projects/{ground.Project}/preview-databases")).Expect(201);
        _preview = (await ground.Api.CompletedAsync(created.JobId)).Text("preview_database_id");
        _address = await ground.Api.PreviewUrlAsync(_preview);
        await Tenant.ExecuteAsync(_address, "DROP TABLE orders CASCADE");
    }

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.PostAsync($"/v1/preview-databases/{_preview}/reset"));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        Assert.Equal(_address, await ground.Api.PreviewUrlAsync(_preview));
        Assert.Equal(await ProjectCalls.ContentAsync(await ground.Api.UrlAsync(ground.Project)), await ProjectCalls.ContentAsync(_address));
    }
}
