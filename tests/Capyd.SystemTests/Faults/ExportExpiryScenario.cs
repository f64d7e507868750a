namespace Capyd.SystemTests.Faults;

/// <summary>No request: the daemon does this by its own clock, first when it starts.</summary>
internal sealed class ExportExpiryScenario : Scenario
{
    private string _id = "";
    private string _key = "";

    public override string? JobType => null;

    public override async Task PrepareAsync(FaultGround ground)
    {
        var accepted = (await ground.Api.PostAsync($"/v1/projects/{ground.Project}/exports")).Expect(202);
        await ground.Api.CompletedAsync(accepted.JobId);
        _id = accepted.Json.Text("export_id");
        _key = (await ground.Daemon.Metadata.OneAsync($"SELECT object_key FROM exports WHERE id = '{_id}'"))!;
        await ground.Daemon.Metadata.ExecuteAsync($"UPDATE exports SET expires_at = 1 WHERE id = '{_id}'");
    }

    public override Task DriveAsync(FaultGround ground) => Task.CompletedTask;

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        await Until.TrueAsync("the export is expired", async () => await ground.Daemon.Metadata.OneAsync($"SELECT state FROM exports WHERE id = '{_id}'") == "expired");
        Assert.False(File.Exists(Path.Combine(ground.Daemon.Repository, _key)));
        (await ground.Api.GetAsync($"/v1/projects/{ground.Project}/exports/{_id}/download")).Refused(410, "expired");
    }
}
