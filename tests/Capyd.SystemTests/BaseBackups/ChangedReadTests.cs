using Capyd.SystemTests.Recovery;
using Capyd.SystemTests.RepositoryCommands;

namespace Capyd.SystemTests.BaseBackups;

/// <summary>Base backups that read only what changed, from the first to a cluster that was lost.</summary>
public sealed class ChangedReadTests
{
    private const string Settled = "SELECT CASE WHEN clock_timestamp() > (pg_stat_file('global/pg_control')).modification + interval '3.5 seconds' THEN 'yes' END";

    [SystemFact]
    public async Task What_reads_only_what_changed_is_whole_to_verify_and_to_recover()
    {
        var (spaces, host) = (Machine.NewDirectory(), Machine.NewDirectory());
        (await Command.RunAsync("chown", "postgres", spaces)).Good();
        await using var daemon = CapydDaemon.Embedded(Machine.NewDirectory(), ("CAPYD_PITR_ENABLED", "true"), ("CAPYD_PITR_BASE_BACKUP_SCHEDULE", "off"));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        var sql = EmbeddedData.Superuser(daemon.DataDirectory);
        await api.FirstBaseBackupAsync(); // before the ballast, which is to be what the second adds
        await sql.ExecuteAsync("postgres", $"CREATE TABLESPACE far LOCATION '{spaces}'");
        await sql.ExecuteAsync("postgres", "CREATE TABLE marks AS SELECT n FROM generate_series(1, 2) n; CREATE TABLE far_marks TABLESPACE far AS SELECT n FROM generate_series(1, 3) n");
        await sql.ExecuteAsync("postgres", "CREATE TABLE ballast AS SELECT n, md5(n::text) AS noise FROM generate_series(1, 200000) n; CREATE TABLE gone AS TABLE ballast");
        await SettleAsync(sql);
        await api.NewBaseBackupAsync("second");
        await sql.ExecuteAsync("postgres", "INSERT INTO marks VALUES (3); DELETE FROM far_marks WHERE n = 2; DROP TABLE gone");
        await api.NewBaseBackupAsync("third");
        var kept = await api.BaseBackupsAsync();
        Assert.Equal(["changed", "changed", "whole"], kept.Select(row => row.Text("read")));
        Assert.True(kept[0]["added_bytes"]!.GetValue<long>() < kept[1]["added_bytes"]!.GetValue<long>() / 5, kept[0].ToJsonString());
        foreach (var backup in kept)
        {
            Assert.Equal("completed", (await api.VerifyBaseBackupAsync(backup.Text("id"))).Text("state"));
        }

        await PitrGround.BaseBackupAsync(api);
        await daemon.TerminateAsync();
        var target = Path.Combine(host, "main");
        (await LostHost.CapydAsync("recover", "--repository", daemon.Repository, "--target", target, "--latest")).Good();
        Assert.Equal("1,2,3|1,3", await RecoveredCluster.MarksAsync(target));
        Directory.Delete(host, recursive: true);
    }

    [SystemFact]
    public async Task With_no_days_between_everything_is_read_each_time()
    {
        await using var daemon = CapydDaemon.Embedded(
            Machine.NewDirectory(), ("CAPYD_PITR_ENABLED", "true"), ("CAPYD_PITR_BASE_BACKUP_SCHEDULE", "off"), ("CAPYD_PITR_FULL_READ_DAYS", "0"));
        await daemon.StartAsync();
        using var api = await daemon.ClientAsync();
        await api.FirstBaseBackupAsync();
        Assert.Equal("whole", (await api.NewBaseBackupAsync()).Text("read"));
    }

    /// <summary>Everything is on disk, and old enough for the next backup to be sure of it.</summary>
    private static async Task SettleAsync(Superuser sql)
    {
        await sql.ExecuteAsync("postgres", "CHECKPOINT");
        await Until.TrueAsync("files are old enough", async () => await sql.OneAsync("postgres", Settled) == "yes");
    }
}
