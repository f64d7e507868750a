namespace Capyd.SystemTests.Faults;

/// <summary>No request: the daemon does this by its own clock, first when it starts.</summary>
internal sealed class RetentionScenario : Scenario
{
    private string _key = "";

    public override string? JobType => null;

    public override async Task PrepareAsync(FaultGround ground)
    {
        _key = (await ground.Api.NewBackupAsync(ground.Project)).Text("backup_key");
        await ground.Api.NewBackupAsync(ground.Project);
        await ground.Daemon.Metadata.ExecuteAsync($"UPDATE backups SET created_at = created_at - 40 * 86400000 WHERE backup_key = '{_key}'");
    }

    public override Task DriveAsync(FaultGround ground) => Task.CompletedTask;

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        await Until.TrueAsync("the backup is expired", async () =>
            await ground.Daemon.Metadata.OneAsync($"SELECT state FROM backups WHERE backup_key = '{_key}'") == "expired");
        Assert.False(File.Exists(Path.Combine(ground.Daemon.Repository, _key)));
        Assert.False(File.Exists(Path.Combine(ground.Daemon.Repository, _key + ".json")));
        Assert.True(File.Exists(Path.Combine(ground.Daemon.Repository, ground.BackupKey)));
        (await ground.Api.RestoreAsync(ground.Project, new JsonObject { ["backup_key"] = _key })).Refused(400, "expired");
    }
}
