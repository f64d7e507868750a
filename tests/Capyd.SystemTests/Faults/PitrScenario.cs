namespace Capyd.SystemTests.Faults;

/// <summary>A restore to a moment, into a new preview or over the project.</summary>
internal sealed class PitrScenario(bool overProject) : Scenario
{
    private string _at = "";
    private string _content = "";
    private string _token = "";

    public override string JobType => "instance.pitr_restore";

    public override async Task PrepareAsync(FaultGround ground)
    {
        await Recovery.PitrGround.BaseBackupAsync(ground.Api);
        var url = await ground.Api.UrlAsync(ground.Project);
        (_at, _content) = await Recovery.PitrGround.RecordAsync(url);
        await Tenant.ExecuteAsync(url, "INSERT INTO orders (customer, total) VALUES ('after the moment', 1)");
        _token = overProject ? await ground.ApproveAsync(ground.Project, "project.restore_overwrite") : "";
    }

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.RestoreAsync(ground.Project, new JsonObject
    {
        ["restore_time"] = _at, ["target_kind"] = overProject ? "project" : "new_preview", ["approval_token"] = _token,
    }));

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        var job = await ground.Api.CompletedAsync(jobId);
        var url = overProject ? await ground.Api.UrlAsync(ground.Project) : await ground.Api.PreviewUrlAsync(job.Text("preview_database_id"));
        Assert.Equal(_content, await ProjectCalls.ContentAsync(url));
        var sandboxes = Path.Combine(ground.Daemon.DataDirectory, "sandboxes");
        Assert.Empty(Directory.Exists(sandboxes) ? Directory.GetDirectories(sandboxes) : []);
    }
}
