using System.Globalization;
using Capyd.SystemTests.Faults;
using Capyd.SystemTests.Recovery;
using Capyd.SystemTests.RepositoryCommands;

namespace Capyd.SystemTests.OffHost;

/// <summary>The daemon dies by SIGKILL while something goes into the bucket. The next one ends it by itself: nothing is lost, nothing is there twice.</summary>
public sealed class OffHostFaultTests(OffHostGround ground) : IClassFixture<OffHostGround>
{
    private static readonly string[] Groups = ["ship.", "growing."];
    private static int s_marks;

    private Superuser Sql => EmbeddedData.Superuser(ground.Daemon.DataDirectory);

    public static TheoryData<string> Points => [.. FaultPlan.Points.Where(point => Groups.Any(group => point.StartsWith(group, StringComparison.Ordinal)))];

    [SystemTheory]
    [MemberData(nameof(Points))]
    public async Task What_was_being_sent_is_there_once_and_whole_after_the_next_start(string point)
    {
        await Sql.ExecuteAsync("postgres", "CREATE TABLE IF NOT EXISTS marks (n int); CREATE TABLE IF NOT EXISTS far_marks (n int)");
        await PitrGround.BaseBackupAsync(ground.Api);
        var project = point == "ship.between_parts" ? await ground.NewLargeProjectAsync("Large", 24) : null;
        await ground.Daemon.KillAsync();
        ground.Daemon.Launch(point);
        await DriveAsync(point, project);
        Assert.Equal(CapydDaemon.KilledExitCode, await ground.Daemon.WaitForExitAsync(120));

        await ground.Daemon.StartAsync();
        await MarkAsync();
        await GrowingSegment.UntilOffHostAsync(ground);
        var segment = await ground.SwitchWalAsync();
        await Until.TrueAsync("the pieces of the whole segment are gone", async () => (await GrowingSegment.PiecesAsync(ground, segment)).Count == 0);
        if (project is not null)
        {
            await Until.TrueAsync("its backup is verified", async () => (await ground.Api.BackupsAsync(project)) is [{ } backup] && backup.Text("verification_state") == "verified", 120);
        }

        await ground.EverythingIsThereAsync();
        await ComesBackAsync();
    }

    /// <summary>On the armed daemon, which may die at any moment.</summary>
    private async Task DriveAsync(string point, string? project)
    {
        if (project is not null)
        {
            await ground.Daemon.WaitUntilReadyAsync();
            await FaultGround.AskAsync(ground.Api.PostAsync($"/v1/projects/{project}/backups"));
            return;
        }

        await MarkAsync();
        if (!point.StartsWith("growing.", StringComparison.Ordinal))
        {
            await ground.SwitchWalAsync();
        }
        else if (point == "growing.before_removal")
        {
            await Until.TrueAsync("there are pieces, or it is dead", async () => !ground.Daemon.IsRunning || (await GrowingSegment.PiecesAsync(ground)).Count > 0);
            await ground.SwitchWalAsync();
            await MarkAsync();
        }
    }

    private async Task ComesBackAsync()
    {
        var host = Machine.NewDirectory();
        try
        {
            (await LostHost.CapydAsync(
                "recover", "--s3", ground.Address, "--s3-credentials", ground.CredentialsFile, "--key-file", ground.KeyFile, "--target", Path.Combine(host, "main"))).Good();
            var marks = string.Join(',', Enumerable.Range(1, s_marks));
            Assert.Equal($"{marks}|{marks}", await RecoveredCluster.MarksAsync(Path.Combine(host, "main")));
        }
        finally
        {
            Directory.Delete(host, recursive: true);
        }
    }

    private async Task MarkAsync()
    {
        var n = Interlocked.Increment(ref s_marks);
        await Sql.ExecuteAsync("postgres", string.Create(CultureInfo.InvariantCulture, $"INSERT INTO marks VALUES ({n}); INSERT INTO far_marks VALUES ({n})"));
    }
}
