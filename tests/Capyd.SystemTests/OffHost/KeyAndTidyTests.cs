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
