using Capyd.SystemTests.BaseBackups;

namespace Capyd.SystemTests.Faults;

internal sealed class BaseBackupVerifyScenario : Scenario
{
    private string _id = "";

    public override string JobType => "instance.base_backup_verify";

    public override async Task PrepareAsync(FaultGround ground) => _id = (await ground.Api.NewBaseBackupAsync()).Text("id");

    public override Task DriveAsync(FaultGround ground) => FaultGround.AskAsync(ground.Api.PostAsync($"/v1/base-backups/{_id}/verify"));

    public override async Task VerifyAsync(FaultGround ground, string jobId) =>
        Assert.Equal("verified", (await ground.Api.BaseBackupAsync(_id)).Text("verification_state"));
}
