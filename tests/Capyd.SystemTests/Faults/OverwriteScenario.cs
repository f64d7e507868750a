namespace Capyd.SystemTests.Faults;

internal sealed class OverwriteScenario : Scenario
{
    private string _token = "";

    public override string JobType => "project.restore";

    public override async Task PrepareAsync(FaultGround ground)
    {
        await Tenant.ExecuteAsync(await ground.Api.UrlAsync(ground.Project), "INSERT INTO orders (customer, total) VALUES ('to be replaced', 1)");
        _token = await ground.ApproveAsync(ground.Project, "project.restore_overwrite");
    }

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.RestoreAsync(ground.Project, new JsonObject
    {
        ["backup_key"] = ground.BackupKey, ["target_kind"] = "project", ["approval_token"] = _token,
    }));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        Assert.Equal("ready", (await ground.Api.ProjectAsync(ground.Project)).Text("state"));
        Assert.Equal(ground.Content, await ProjectCalls.ContentAsync(await ground.Api.UrlAsync(ground.Project)));
        Assert.Equal("1", await ground.Daemon.Metadata.OneAsync($"SELECT count(*) FROM parked_databases WHERE job_id = '{jobId}'"));
    }
}
