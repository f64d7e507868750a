namespace Capyd.SystemTests.Faults;

internal sealed class BackupScenario : Scenario
{
    public override string JobType => "project.backup";

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.PostAsync($"/v1/projects/{ground.Project}/backups"));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        Assert.Equal(
            ["completed verified"],
            await ground.Daemon.Metadata.ListAsync($"SELECT state || ' ' || verification_state FROM backups WHERE job_id = '{jobId}'"));
        var key = await ground.Daemon.Metadata.OneAsync($"SELECT backup_key FROM backups WHERE job_id = '{jobId}'");
        (await Command.RunAsync("zstd", "-t", "-q", Path.Combine(ground.Daemon.Repository, key!))).Good();
    }
}
