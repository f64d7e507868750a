namespace Capyd.SystemTests.Faults;

internal sealed class DeleteScenario : Scenario
{
    private JsonObject _project = [];

    public override string JobType => "project.delete";

    public override async Task PrepareAsync(FaultGround ground)
    {
        _project = await ground.Api.ProjectAsync(await ground.Api.NewProjectAsync("Doomed"));
        await ProjectCalls.FillAsync(await ground.Api.UrlAsync(_project.Text("id")), 20);
    }

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.DeleteAsync($"/v1/projects/{_project.Text("id")}"));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        (await ground.Api.GetAsync($"/v1/projects/{_project.Text("id")}")).Refused(404, "project not found");
        Assert.Empty(await ground.Superuser.ListAsync("postgres", $"SELECT datname FROM pg_database WHERE datname = '{_project.Text("database_name")}'"));
        Assert.Empty(await ground.Superuser.ListAsync("postgres", $"SELECT rolname FROM pg_roles WHERE rolname = '{_project.Text("role_name")}'"));
        Assert.Equal(
            ["final completed verified"],
            await ground.Daemon.Metadata.ListAsync($"SELECT label || ' ' || state || ' ' || verification_state FROM backups WHERE job_id = '{jobId}'"));
    }
}
