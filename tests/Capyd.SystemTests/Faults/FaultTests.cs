using System.Globalization;

namespace Capyd.SystemTests.Faults;

/// <summary>The daemon dies by SIGKILL at each named point; the next one finishes what was accepted, once, and leaves nothing over.</summary>
public abstract class FaultTests(FaultGround ground) : IClassFixture<FaultGround>
{
    protected async Task DieAsync(string point, string scenarioName)
    {
        var scenario = FaultPlan.New(scenarioName);
        await ground.DisarmAsync();
        await scenario.PrepareAsync(ground);
        var earlier = await JobCountAsync(scenario);
        await ground.ArmAsync(point, waitUntilReady: scenario.JobType is not null);
        await scenario.DriveAsync(ground);
        Assert.Equal(CapydDaemon.KilledExitCode, await ground.Daemon.WaitForExitAsync());

        await ground.DisarmAsync();
        var job = scenario.JobType is null ? "" : await EndAsync(scenario, point);
        Assert.Equal(earlier + (scenario.JobType is null ? 0 : 1), await JobCountAsync(scenario));
        await scenario.VerifyAsync(ground, job);
        await Leftovers.NoneAsync(ground);
    }

    /// <summary>The newest job of the type has completed at its first counted attempt.</summary>
    private async Task<string> EndAsync(Scenario scenario, string point)
    {
        var id = await ground.Daemon.Metadata.OneAsync($"SELECT id FROM jobs WHERE type = '{scenario.JobType}' ORDER BY created_at DESC, rowid DESC LIMIT 1");
        var job = await ground.Api.CompletedAsync(id!);
        Assert.Equal(1, job.Number("attempts"));
        var crashes = await ground.Daemon.Metadata.OneAsync($"SELECT crash_count FROM jobs WHERE id = '{id}'");
        Assert.Equal(point == "job.after_complete" ? "0" : "1", crashes);
        return id!;
    }

    private async Task<int> JobCountAsync(Scenario scenario) => int.Parse(
        (await ground.Daemon.Metadata.OneAsync($"SELECT count(*) FROM jobs WHERE type = '{scenario.JobType}'"))!, CultureInfo.InvariantCulture);
}
