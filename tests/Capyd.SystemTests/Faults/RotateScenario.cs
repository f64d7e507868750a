namespace Capyd.SystemTests.Faults;

internal sealed class RotateScenario : Scenario
{
    private string _old = "";

    public override string JobType => "project.rotate_credentials";

    public override async Task PrepareAsync(FaultGround ground) => _old = await ground.Api.UrlAsync(ground.Project);

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.PostAsync($"/v1/projects/{ground.Project}/credentials/rotate"));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        Assert.Equal("28P01", await Tenant.RefusalAsync(_old));
        Assert.Equal("1", await Tenant.OneAsync(await ground.Api.UrlAsync(ground.Project), "SELECT 1"));
    }
}
