using Capyd.SystemTests.BaseBackups;

namespace Capyd.SystemTests.Faults;

/// <summary>No request: the daemon does this by its own clock, first when it starts.</summary>
internal sealed class BaseRetentionScenario : Scenario
{
    private string _over = "";
    private string _kept = "";
    private IReadOnlyList<string> _segments = [];

    public override string? JobType => null;

    public override async Task PrepareAsync(FaultGround ground)
    {
        await ground.Superuser.ExecuteAsync("postgres", "DROP TABLE IF EXISTS ballast; CREATE TABLE ballast AS SELECT n, md5(n::text) AS noise FROM generate_series(1, 20000) n");
        _over = (await ground.Api.NewBaseBackupAsync()).Text("name");
        var second = await ground.Api.NewBaseBackupAsync();
        _kept = second.Text("id");
        Assert.Equal("completed", (await ground.Api.VerifyBaseBackupAsync(_kept)).Text("state"));
        var first = await SegmentAsync(ground, second.Text("start_lsn"));
        _segments = await ground.Daemon.Metadata.ListAsync($"SELECT name FROM wal_segments WHERE is_partial = 0 AND name < '{first}'");
        Assert.NotEmpty(_segments);
        // What a good drill has proven is kept; here everything old is to go.
        await ground.Daemon.Metadata.ExecuteAsync("DELETE FROM drills");
        await RetentionTests.AgeAsync(ground.Daemon, row: $"id <> '{_kept}'", days: 20);
        await RetentionTests.AgeAsync(ground.Daemon, row: $"id = '{_kept}'", days: 10);
    }

    public override Task DriveAsync(FaultGround ground) => Task.CompletedTask;

    public override async Task VerifyAsync(FaultGround ground, string jobId)
    {
        await Until.TrueAsync("the base backup is gone", async () =>
            await ground.Daemon.Metadata.OneAsync($"SELECT state FROM base_backups WHERE name = '{_over}'") == "deleted");
        await Until.TrueAsync("nothing is left to be collected", async () =>
            await ground.Daemon.Metadata.OneAsync("SELECT value FROM settings WHERE key = 'base_backup_garbage'") != "due");
        Assert.False(File.Exists(Path.Combine(ground.Daemon.Repository, "base", "manifests", _over + ".manifest")));
        Assert.Empty((await ground.Daemon.Metadata.ListAsync("SELECT name FROM wal_segments")).Intersect(_segments));
        Assert.Empty(Directory.GetFiles(Path.Combine(ground.Daemon.Repository, "wal"), "*.zst", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)[..24]).Intersect(_segments));
        Assert.Equal("completed", (await ground.Api.VerifyBaseBackupAsync(_kept)).Text("state"));
    }

    private static async Task<string> SegmentAsync(FaultGround ground, string lsn) =>
        (await ground.Superuser.ListAsync("postgres", $"SELECT pg_walfile_name('{lsn}')"))[0];
}
