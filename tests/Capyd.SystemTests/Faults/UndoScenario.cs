namespace Capyd.SystemTests.Faults;

internal sealed class UndoScenario : Scenario
{
    private string? _replaced;

    public override string JobType => "project.restore_undo";

    public override async Task PrepareAsync(FaultGround ground)
    {
        var url = await ground.Api.UrlAsync(ground.Project);
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('comes back', 1)");
        _replaced = await ProjectCalls.ContentAsync(url);
        await ground.Api.CompletedAsync(await ground.Api.RestoreAsync(ground.Project, new JsonObject
        {
            ["backup_key"] = ground.BackupKey, ["target_kind"] = "project",
            ["approval_token"] = await ground.ApproveAsync(ground.Project, "project.restore_overwrite"),
        }));
    }

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.PostAsync($"/v1/projects/{ground.Project}/restores/undo"));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        Assert.Equal("ready", (await ground.Api.ProjectAsync(ground.Project)).Text("state"));
        Assert.Equal(_replaced, await ProjectCalls.ContentAsync(await ground.Api.UrlAsync(ground.Project)));
    }
}
