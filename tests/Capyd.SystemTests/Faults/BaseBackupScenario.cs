using Capyd.SystemTests.BaseBackups;

namespace Capyd.SystemTests.Faults;

internal sealed class BaseBackupScenario : Scenario
{
    public override string JobType => "instance.base_backup";

    /// <summary>Heals what other scenarios left, so that the daemon takes none by itself.</summary>
    public override Task PrepareAsync(FaultGround ground) => ground.Api.NewBaseBackupAsync();

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.AskBaseBackupAsync());

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        var row = await ground.Daemon.Metadata.OneAsync($"SELECT state || ' ' || id || ' ' || name FROM base_backups WHERE job_id = '{jobId}'");
        Assert.StartsWith("completed ", row, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(ground.Daemon.Repository, "base", "manifests", row!.Split(' ')[2] + ".manifest")));
        Assert.Equal("completed", (await ground.Api.VerifyBaseBackupAsync(row.Split(' ')[1])).Text("state"));
        Assert.Empty(await ground.Superuser.ListAsync("postgres", "SELECT pid::text FROM pg_stat_replication WHERE application_name LIKE 'capyd:job%'"));
    }
}
