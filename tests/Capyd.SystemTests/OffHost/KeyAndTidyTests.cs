using Capyd.SystemTests.Recovery;

namespace Capyd.SystemTests.OffHost;

/// <summary>The commands of operators on an encrypted repository in a bucket, beside a running daemon and without one.</summary>
public sealed partial class KeyAndTidyTests(OffHostGround ground) : IClassFixture<OffHostGround>
{
    [SystemFact]
    public async Task A_running_daemon_takes_up_a_new_data_key_and_another_key_file_opens_them_all()
    {
        var first = Assert.Single(await KeysAsync());
        (await ground.CommandAsync("repository", "key", "rotate")).Good();
        var second = Assert.Single(await KeysAsync(), key => key != first);

        await Until.TrueAsync("what is written is sealed with the new key", async () => await KeyOfNewWalAsync() == second, 120);

        var next = ground.Secret("next.key", new string('c', 64) + "\n");
        (await ground.CommandAsync("repository", "key", "rewrap", "--new-key-file", next)).Good();
        var refused = await ground.CommandAsync("repository", "key", "list");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("does not open data key", refused.Errors, StringComparison.Ordinal);

        File.Move(next, ground.KeyFile, overwrite: true);
        Assert.Equal([first, second], await KeysAsync());
        Assert.Equal(second, await KeyOfNewWalAsync());
        await ground.Daemon.TerminateAsync();
        await ground.Daemon.StartAsync();
        (await ground.CommandAsync("repository", "check", "--read-data")).Good();
    }

    [SystemFact]
    public async Task Check_garbage_and_catalogue_work_on_the_bucket_and_leave_the_growing_segment_alone()
    {
        var project = await ground.Api.NewProjectAsync("Tidy");
        await ground.Api.NewBackupAsync(project);
        await PitrGround.BaseBackupAsync(ground.Api);
        await GrowingSegment.UntilOffHostAsync(ground);
        await ground.UntilNothingWaitsAsync();
        var pieces = await GrowingSegment.PiecesAsync(ground);
        Assert.NotEmpty(pieces);
        await ground.Daemon.TerminateAsync();

        (await ground.CommandAsync("repository", "gc")).Good();
        Directory.Delete(Path.Combine(ground.Daemon.DataDirectory, "chunks"), recursive: true);
        (await ground.CommandAsync("repository", "rebuild-catalogue")).Good();
        (await ground.CommandAsync("repository", "check", "--read-data")).Good();
        Assert.Subset((await ground.ListBucketAsync("growing/")).ToHashSet(), pieces.ToHashSet());

        await ground.Daemon.StartAsync();
        await GrowingSegment.UntilOffHostAsync(ground);
        (await ground.CommandAsync("repository", "check", "--read-data")).Good();
    }

    [SystemFact]
    public async Task A_segment_that_never_came_whole_is_put_together_from_its_pieces()
    {
        var sql = EmbeddedData.Superuser(ground.Daemon.DataDirectory);
        await PitrGround.BaseBackupAsync(ground.Api);
        await sql.ExecuteAsync("postgres", "CREATE TABLE IF NOT EXISTS late (n int); INSERT INTO late VALUES (1)");
        await GrowingSegment.UntilOffHostAsync(ground);
        var segment = (await sql.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())"))!;
        Assert.NotEmpty(await GrowingSegment.PiecesAsync(ground, segment));

        // What was received is lost, and the server does not have it any more.
        await ground.Daemon.KillAsync();
        await Until.TrueAsync("the slot can be dropped", async () => await sql.OneAsync(
            "postgres", "SELECT count(pg_terminate_backend(active_pid)) + count(*) FILTER (WHERE active) FROM pg_replication_slots WHERE slot_name = 'capyd'") == "0");
        await sql.ExecuteAsync("postgres", "SELECT pg_drop_replication_slot('capyd')");
        Directory.Delete(Path.Combine(ground.Daemon.DataDirectory, "wal-spool"), recursive: true);
        for (var n = 0; n < 3; n++)
        {
            await sql.ExecuteAsync("postgres", "SELECT pg_current_xact_id()");
            await sql.ExecuteAsync("postgres", "SELECT pg_switch_wal()");
        }

        await sql.ExecuteAsync("postgres", "CHECKPOINT");
        await ground.Daemon.StartAsync();
        await Until.TrueAsync($"{segment} is kept unfinished", async () => (await ground.ListBucketAsync("wal/")).Any(name => name.EndsWith(segment + ".partial.zst", StringComparison.Ordinal)), 120);
        await Until.TrueAsync("its pieces are gone", async () => (await GrowingSegment.PiecesAsync(ground, segment)).Count == 0);
        Assert.Equal("1", await ground.Daemon.Metadata.OneAsync($"SELECT count(*) FROM wal_segments WHERE name = '{segment}' AND is_partial = 1"));
    }

    private async Task<IReadOnlyList<string>> KeysAsync() =>
        [.. KeyLine().Matches((await ground.CommandAsync("repository", "key", "list")).Good()).Select(match => match.Groups[1].Value)];

    /// <summary>The data key that a segment of WAL is sealed with which is ended now.</summary>
    private async Task<string> KeyOfNewWalAsync()
    {
        await EmbeddedData.Superuser(ground.Daemon.DataDirectory).ExecuteAsync("postgres", "SELECT pg_current_xact_id()");
        var segment = await ground.SwitchWalAsync();
        await Until.TrueAsync($"{segment} is in the bucket", async () => (await ground.ListBucketAsync("wal/")).Any(name => name.EndsWith(segment + ".zst", StringComparison.Ordinal)));
        var name = (await ground.ListBucketAsync("wal/")).Single(name => name.EndsWith(segment + ".zst", StringComparison.Ordinal));
        var (_, bytes) = Assert.Single(await ground.ReadBucketAsync(name));
        return Convert.ToHexStringLower(bytes.AsSpan(16, 8));
    }

    [System.Text.RegularExpressions.GeneratedRegex("^([0-9a-f]{16})  ", System.Text.RegularExpressions.RegexOptions.Multiline)]
    private static partial System.Text.RegularExpressions.Regex KeyLine();
}
