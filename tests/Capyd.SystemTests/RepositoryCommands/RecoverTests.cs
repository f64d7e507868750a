namespace Capyd.SystemTests.RepositoryCommands;

public sealed class RecoverTests(LostHost lost) : IClassFixture<LostHost>, IDisposable
{
    private readonly string _host = Machine.NewDirectory();

    private string Target => Path.Combine(_host, "main");

    public void Dispose() => Directory.Delete(_host, recursive: true);

    [SystemFact]
    public async Task The_newest_moment_comes_back_with_tablespaces_below_the_target_and_with_the_metadata()
    {
        (await RecoverAsync("--latest", "--data-dir", Path.Combine(_host, "capyd"))).Good();

        Assert.Equal("1,2,3,4,5,6|1,2,3,4,5,6", await RecoveredCluster.MarksAsync(Target));
        var link = Directory.EnumerateFileSystemEntries(Path.Combine(Target, "pg_tblspc")).Single();
        Assert.StartsWith(Target, File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName, StringComparison.Ordinal);
        Assert.Equal("ok", await new Metadata(Path.Combine(_host, "capyd", "capyd.db")).OneAsync("PRAGMA integrity_check"));
        Assert.False(Directory.Exists(Target + ".capyd-recover"));
    }

    [SystemFact]
    public async Task A_moment_between_two_commits_comes_back_exactly()
    {
        (await RecoverAsync("--time", lost.AfterThird)).Good();
        Assert.Equal("1,2,3|1,2,3", await RecoveredCluster.MarksAsync(Target));
    }

    [SystemFact]
    public async Task A_named_restore_point_comes_back()
    {
        (await RecoverAsync("--restore-point", LostHost.Point)).Good();
        Assert.Equal("1,2,3|1,2,3", await RecoveredCluster.MarksAsync(Target));
    }

    [SystemFact]
    public async Task A_target_that_is_not_empty_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Path.Combine(Target, "mine"), "mine");

        var refused = await RecoverAsync("--latest", "--restart");

        Assert.Equal(5, refused.ExitCode);
        Assert.Contains("is not an empty directory", refused.Errors);
        Assert.Equal("mine", Path.GetFileName(Directory.EnumerateFileSystemEntries(Target).Single()));
    }

    [SystemTheory]
    [InlineData("recover.after_copy")]
    [InlineData("recover.after_promotion")]
    public async Task A_recovery_that_was_killed_is_not_taken_for_whole_and_can_be_begun_again(string point)
    {
        var killed = await Command.RunAsync(Machine.Binary, new Dictionary<string, string> { ["CAPYD_FAULT_POINT"] = point }, Arguments("--latest"));
        Assert.Equal(CapydDaemon.KilledExitCode, killed.ExitCode);

        var refused = await RecoverAsync("--latest");
        Assert.Equal(5, refused.ExitCode);
        Assert.Contains("was not finished", refused.Errors);

        (await RecoverAsync("--latest", "--restart")).Good();
        Assert.Equal("1,2,3,4,5,6|1,2,3,4,5,6", await RecoveredCluster.MarksAsync(Target));
    }

    [SystemFact]
    public async Task A_moment_before_the_first_base_backup_is_refused_with_the_earliest_one()
    {
        var refused = await RecoverAsync("--time", "2020-01-01T00:00:00Z");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("before the earliest moment that can be recovered", refused.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_host));
    }

    [SystemFact]
    public async Task A_damaged_segment_on_the_way_ends_the_recovery_with_its_name_and_never_early()
    {
        var copy = Path.Combine(_host, "repository");
        (await Command.RunAsync("cp", "-a", lost.Daemon.Repository, copy)).Good();
        LostHost.Flip(LostHost.SegmentIn(copy, lost.ThirdSegment)!);

        var failed = await LostHost.CapydAsync("recover", "--repository", copy, "--target", Target, "--time", lost.AfterThird);

        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains(lost.ThirdSegment, failed.Errors);
    }

    [SystemFact]
    public async Task A_new_server_on_the_lost_ones_repository_is_not_taken_for_it()
    {
        var copy = Path.Combine(_host, "repository");
        (await Command.RunAsync("cp", "-a", lost.Daemon.Repository, copy)).Good();
        var system = Path.GetFileName(Directory.EnumerateDirectories(Path.Combine(copy, "metadata")).Single());
        await StartAnewAsync(copy);

        var refused = await LostHost.CapydAsync("recover", "--repository", copy, "--target", Target);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("base backups of 2 servers are kept", refused.Errors);
        Assert.Contains(system, refused.Errors);

        (await LostHost.CapydAsync("recover", "--repository", copy, "--target", Target, "--system", system, "--data-dir", Path.Combine(_host, "capyd"))).Good();
        Assert.Equal("1,2,3,4,5,6|1,2,3,4,5,6", await RecoveredCluster.MarksAsync(Target));
        const string Identity = "SELECT value FROM settings WHERE key = 'cluster_id'";
        Assert.Equal(await lost.Daemon.Metadata.OneAsync(Identity), await new Metadata(Path.Combine(_host, "capyd", "capyd.db")).OneAsync(Identity));
    }

    [SystemFact]
    public async Task What_can_be_recovered_is_listed()
    {
        var listed = await LostHost.CapydAsync("recover", "--repository", lost.Daemon.Repository, "--list");
        Assert.InRange(listed.Good().Split('\n').Count(line => line.Contains("can be recovered", StringComparison.Ordinal)), 2, 3);
        Assert.Matches("capyd's metadata: [1-9][0-9]* cop", listed.Output);
    }

    /// <summary>As by a package that is installed with the old configuration before the recovery.</summary>
    private async Task StartAnewAsync(string repository)
    {
        var before = Manifests();
        await using var daemon = CapydDaemon.Embedded(Path.Combine(_host, "new"), ("CAPYD_PITR_ENABLED", "true"), ("CAPYD_REPOSITORY_DIRECTORY", repository));
        await daemon.StartAsync();
        await Until.TrueAsync("the new server has a base backup and a copy of its metadata there", () => Task.FromResult(
            Manifests() > before && Directory.EnumerateDirectories(Path.Combine(repository, "metadata")).Count() == 2));
        await daemon.TerminateAsync();

        // A name that begins with a dot is still being written.
        int Manifests() => Directory.EnumerateFiles(Path.Combine(repository, "base", "manifests")).Count(file => Path.GetFileName(file)[0] != '.');
    }

    private Task<CommandResult> RecoverAsync(params string[] more) => LostHost.CapydAsync(Arguments(more));

    private string[] Arguments(params string[] more) => ["recover", "--repository", lost.Daemon.Repository, "--target", Target, .. more];
}
