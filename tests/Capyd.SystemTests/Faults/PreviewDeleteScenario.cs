namespace Capyd.SystemTests.Faults;

internal sealed class PreviewDeleteScenario : Scenario
{
    private JsonObject _preview = [];

    public override string JobType => "preview.delete";

    public override async Task PrepareAsync(FaultGround ground)
    {
        var id = await ground.Api.NewPreviewAsync(ground.Project, ground.BackupKey);
        _preview = (await ground.Api.PreviewsAsync(ground.Project)).Single(preview => preview.Text("id") == id);
    }

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.DeleteAsync($"/v1/preview-databases/{_preview.Text("id")}"));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        Assert.DoesNotContain(await ground.Api.PreviewsAsync(ground.Project), preview => preview.Text("id") == _preview.Text("id"));
        Assert.Empty(await ground.Superuser.ListAsync("postgres", $"SELECT datname FROM pg_database WHERE datname = '{_preview.Text("database_name")}'"));
        Assert.Empty(await ground.Superuser.ListAsync("postgres", $"SELECT rolname FROM pg_roles WHERE rolname = '{_preview.Text("role_name")}'"));
    }
}
