namespace Capyd.SystemTests.Faults;

internal sealed class ExportScenario : Scenario
{
    public override string JobType => "project.export";

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.PostAsync($"/v1/projects/{ground.Project}/exports"));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        var row = await ground.Daemon.Metadata.OneAsync($"SELECT state || ' ' || size_bytes || ' ' || object_key FROM exports WHERE job_id = '{jobId}'");
        var (state, size, key) = (row!.Split(' ')[0], long.Parse(row.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), row.Split(' ')[2]);
        var file = new FileInfo(Path.Combine(ground.Daemon.Repository, key));
        Assert.Equal(("completed", file.Length), (state, size));
        (await Command.RunAsync(Path.Combine(Machine.PostgresBin, "pg_restore"), "--list", file.FullName)).Good();
    }
}
