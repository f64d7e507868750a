using System.Diagnostics;
using System.Globalization;
using Capyd.SystemTests.Recovery;
using Capyd.SystemTests.RepositoryCommands;

namespace Capyd.SystemTests.OffHost;

/// <summary>The host is lost in the middle of a segment of WAL.</summary>
public sealed class LostHostWalTests(OffHostGround ground) : IClassFixture<OffHostGround>
{
    private Superuser Sql => EmbeddedData.Superuser(ground.Daemon.DataDirectory);

    [SystemFact]
    public async Task What_was_committed_a_few_seconds_before_the_host_was_lost_comes_back_from_the_bucket_alone()
    {
        await Sql.ExecuteAsync("postgres", "CREATE TABLE marks (n int); CREATE TABLE far_marks (n int)");
        var project = await ground.Api.NewProjectAsync("Shop");
        await PitrGround.BaseBackupAsync(ground.Api);
        await MarkAsync(1);
        var first = await ground.SwitchWalAsync();
        await MarkAsync(2);
        await GrowingSegment.UntilOffHostAsync(ground);
        await Until.TrueAsync("the pieces of the whole segment are gone", async () => (await GrowingSegment.PiecesAsync(ground, first)).Count == 0);

        // Each of these ends another piece, none of them the segment.
        var segment = await Sql.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())");
        for (var n = 3; n <= 6; n++)
        {
            await MarkAsync(n);
            await GrowingSegment.UntilOffHostAsync(ground);
        }

        Assert.Equal(segment, await Sql.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())"));
        Assert.InRange((await GrowingSegment.PiecesAsync(ground)).Count, 1, 8);
        await ShowsItAsync(project);
        (await ground.CommandAsync("repository", "check", "--read-data")).Good();

        await LoseHostAsync();
        (await LostHost.CapydAsync("recover", "--s3", ground.Address, "--s3-credentials", ground.CredentialsFile, "--key-file", ground.KeyFile, "--list")).Good();
        await ComesBackAsync("1,2,3,4,5,6");
    }

    private async Task ShowsItAsync(string project)
    {
        var status = (await ground.Api.GetAsync("/status")).Expect(200).Json.Objects("components").Single(part => part.Text("name") == "Off-host repository");
        Assert.Contains("in the bucket", status.Text("message"), StringComparison.Ordinal);
        var window = (await ground.Api.GetAsync($"/v1/projects/{project}/recovery-window")).Expect(200).Json["recovery_window"]!.AsObject();
        Assert.InRange((double)window["off_host_rpo_seconds"]!, 0, 15);
    }

    /// <summary>Everything dies at once, and the disk is gone.</summary>
    private async Task LoseHostAsync()
    {
        var pid = int.Parse(File.ReadLines(Path.Combine(ground.Daemon.DataDirectory, "postgres", "pgdata", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        await ground.Daemon.KillAsync();
        using var server = Process.GetProcessById(pid);
        server.Kill();
        await Until.TrueAsync("the server is gone", () => Task.FromResult(!Directory.Exists($"/proc/{pid}")));
        Directory.Move(ground.Daemon.DataDirectory, ground.Daemon.DataDirectory + ".lost");
        Directory.Delete(ground.Daemon.DataDirectory + ".lost", recursive: true);
        Directory.CreateDirectory(ground.Daemon.DataDirectory);
    }

    private async Task ComesBackAsync(string marks)
    {
        var host = Machine.NewDirectory();
        try
        {
            (await LostHost.CapydAsync(
                "recover", "--s3", ground.Address, "--s3-credentials", ground.CredentialsFile, "--key-file", ground.KeyFile,
                "--target", Path.Combine(host, "main"), "--data-dir", Path.Combine(host, "capyd"))).Good();
            Assert.Equal($"{marks}|{marks}", await RecoveredCluster.MarksAsync(Path.Combine(host, "main")));
        }
        finally
        {
            Directory.Delete(host, recursive: true);
        }
    }

    private async Task MarkAsync(int n) =>
        await Sql.ExecuteAsync("postgres", string.Create(CultureInfo.InvariantCulture, $"INSERT INTO marks VALUES ({n}); INSERT INTO far_marks VALUES ({n})"));
}
