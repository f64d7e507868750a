namespace Capyd.SystemTests.Faults;

/// <summary>A drill at the moment of a dump.</summary>
internal sealed class DrillScenario : Scenario
{
    private string _key = "";
    private string _content = "";

    public override string JobType => "instance.drill";

    public override async Task PrepareAsync(FaultGround ground)
    {
        await Recovery.PitrGround.BaseBackupAsync(ground.Api);
        _content = (await ProjectCalls.ContentAsync(await ground.Api.UrlAsync(ground.Project)))!;
        _key = (await ground.Api.NewBackupAsync(ground.Project)).Text("backup_key");
    }

    public override Task DriveAsync(FaultGround ground) =>
        FaultGround.AskAsync(ground.Api.PostAsync("/v1/drills", new JsonObject { ["project_id"] = ground.Project, ["backup_key"] = _key }));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        Assert.Equal(
            ["succeeded"],
            await ground.Daemon.Metadata.ListAsync($"SELECT state FROM drills WHERE job_id = '{jobId}' AND rto_ms > 0 AND base_backup_id IS NOT NULL"));
        Assert.Equal(_content, await ProjectCalls.ContentAsync(await ground.Api.UrlAsync(ground.Project)));
        Assert.Empty(Directory.GetDirectories(Path.Combine(ground.Daemon.DataDirectory, "sandboxes")));
    }
}
