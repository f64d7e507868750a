namespace Capyd.SystemTests.Faults;

internal sealed class ProvisionScenario : Scenario
{
    public override string JobType => "project.provision";

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.PostAsync("/v1/projects", new JsonObject { ["name"] = "Interrupted" }));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        var id = (await ground.Api.GetAsync($"/v1/jobs/{jobId}"))["job"].Text("project_id");
        Assert.Equal("ready", (await ground.Api.ProjectAsync(id)).Text("state"));
        await ProjectCalls.FillAsync(await ground.Api.UrlAsync(id), 5);
    }
}
