namespace Capyd.SystemTests.RepositoryCommands;

/// <summary>Each works on a copy of what a stopped daemon has.</summary>
public sealed class CheckTests(LostHost lost) : IClassFixture<LostHost>, IAsyncLifetime
{
    private const string BackupsSql = "SELECT name || stop_lsn FROM base_backups WHERE state = 'completed' ORDER BY 1";
    private const string SegmentsSql = "SELECT name || commits || coalesce(last_commit, '') FROM wal_segments WHERE is_partial = 0 ORDER BY 1";
    private readonly string _data = Path.Combine(Machine.NewDirectory(), "capyd");

    private string Repository => Path.Combine(_data, "repository");

    private Metadata Metadata => new(Path.Combine(_data, "capyd.db"));

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(_data);
        foreach (var part in new[] { "capyd.db", "repository", "chunks" })
        {
            (await Command.RunAsync("cp", "-a", Path.Combine(lost.Daemon.DataDirectory, part), _data)).Good();
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Path.GetDirectoryName(_data)!, recursive: true);
        return Task.CompletedTask;
    }

    [SystemFact]
    public async Task A_whole_repository_is_sound()
    {
        var found = await RunAsync("check", "--read-data");
        Assert.EndsWith("the repository is sound", found.Good());
        Assert.Contains("can be recovered:", found.Output);
        Assert.DoesNotContain("cannot be recovered:", found.Output);
    }

    [SystemFact]
    public async Task Flipped_bits_in_packs_name_the_base_backups_and_the_moments()
    {
        foreach (var pack in Directory.EnumerateFiles(Path.Combine(Repository, "base/packs"), "*.pack", SearchOption.AllDirectories))
        {
            LostHost.Flip(pack);
        }

        var found = await RunAsync("check", "--read-data");
        Assert.Equal(7, found.ExitCode);
        Assert.Contains($"damaged base backup: {await FirstBackupAsync()}", found.Output);
        Assert.Contains("cannot be recovered:", found.Output);
    }

    [SystemFact]
    public async Task A_missing_manifest_names_the_base_backup()
    {
        File.Delete(Path.Combine(Repository, "base/manifests", await FirstBackupAsync() + ".manifest"));

        var found = await RunAsync("check");
        Assert.Equal(7, found.ExitCode);
        Assert.Contains($"damaged base backup: {await FirstBackupAsync()}", found.Output);
    }

    [SystemFact]
    public async Task A_flipped_bit_in_a_manifest_names_the_base_backup()
    {
        LostHost.Flip(Path.Combine(Repository, "base/manifests", await FirstBackupAsync() + ".manifest"));

        var found = await RunAsync("check");
        Assert.Equal(7, found.ExitCode);
        Assert.Contains($"damaged base backup: {await FirstBackupAsync()}", found.Output);
    }

    [SystemFact]
    public async Task A_damaged_segment_names_the_moments_up_to_the_next_base_backup()
    {
        LostHost.Flip(LostHost.SegmentIn(Repository, lost.ThirdSegment)!);

        var found = await RunAsync("check", "--read-data");
        Assert.Equal(7, found.ExitCode);
        Assert.Contains($"damaged WAL: {lost.ThirdSegment}", found.Output);
        Assert.Contains("cannot be recovered:", found.Output);
    }

    [SystemFact]
    public async Task A_missing_segment_is_found_without_reading_and_becomes_a_gap_when_the_catalogue_is_rebuilt()
    {
        File.Delete(LostHost.SegmentIn(Repository, lost.ThirdSegment)!);

        Assert.Equal(7, (await RunAsync("check")).ExitCode);
        Assert.EndsWith("1 files of WAL", (await RunAsync("rebuild-catalogue")).Good());
        Assert.Equal("1", await Metadata.OneAsync("SELECT count(*) FROM wal_gaps WHERE reason LIKE '%not in the repository%'"));
    }

    [SystemFact]
    public async Task A_flipped_bit_in_a_backup_of_a_project_names_the_project()
    {
        LostHost.Flip(Path.Combine(Repository, lost.BackupKey));

        Assert.Equal(0, (await RunAsync("check")).ExitCode);
        var found = await RunAsync("check", "--read-data");
        Assert.Equal(7, found.ExitCode);
        Assert.Contains($"damaged backup: {lost.BackupKey}", found.Output);
        Assert.Contains(lost.Project, found.Output);
    }

    [SystemFact]
    public async Task Without_catalogue_and_rows_everything_is_read_from_the_repository()
    {
        Directory.Delete(Path.Combine(_data, "chunks"), recursive: true);
        var (backups, segments) = (await Metadata.ListAsync(BackupsSql), await Metadata.ListAsync(SegmentsSql));
        await Metadata.ExecuteAsync("DELETE FROM wal_gaps; DELETE FROM wal_segments; DELETE FROM wal_archives; DELETE FROM base_backups");

        (await RunAsync("rebuild-catalogue")).Good();

        Assert.Equal(backups, await Metadata.ListAsync(BackupsSql));
        Assert.Equal(segments, await Metadata.ListAsync(SegmentsSql));
        Assert.EndsWith("the repository is sound", (await RunAsync("check", "--read-data")).Good());
        Assert.Contains($"base backups  {backups.Count},", (await RunAsync("stats")).Good());
        Assert.Contains("removed 0 packs", (await RunAsync("gc")).Good());
    }

    [SystemFact]
    public async Task Backups_of_known_projects_get_their_rows_back_and_others_are_listed_with_the_command_that_restores_them()
    {
        const string Rows = "SELECT id, project_id, organization_id, database_name, label, size_bytes, sha256, state, retention_days, job_id, created_at FROM backups ORDER BY id";
        var before = await Metadata.ListAsync(Rows);
        Assert.NotEmpty(before);
        await Metadata.ExecuteAsync("DELETE FROM restore_points; DELETE FROM jobs WHERE id IN (SELECT job_id FROM backups); DELETE FROM backups");

        var rebuilt = (await RunAsync("rebuild-catalogue")).Good();
        Assert.Contains($"{before.Count} backups of projects", rebuilt, StringComparison.Ordinal);
        Assert.Equal(before, await Metadata.ListAsync(Rows));
        Assert.Equal("0", await Metadata.OneAsync("SELECT count(*) FROM backups WHERE job_id NOT IN (SELECT id FROM jobs WHERE state = 'completed')"));
        Assert.Equal(["pending"], await Metadata.ListAsync("SELECT DISTINCT verification_state FROM backups"));
        Assert.Contains(" 0 backups of projects", (await RunAsync("rebuild-catalogue")).Good(), StringComparison.Ordinal);

        var stranger = Path.Combine(Repository, "backups/prj_aaaaaaaaaaaaaaaaaaaa", Path.GetFileName(lost.BackupKey));
        Directory.CreateDirectory(Path.GetDirectoryName(stranger)!);
        File.Copy(Path.Combine(Repository, lost.BackupKey), stranger);
        var owner = lost.BackupKey.Split('/')[1];
        var manifest = await File.ReadAllTextAsync(Path.Combine(Repository, lost.BackupKey + ".json"));
        await File.WriteAllTextAsync(stranger + ".json", manifest.Replace(owner, "prj_aaaaaaaaaaaaaaaaaaaa", StringComparison.Ordinal));
        var listed = (await RunAsync("rebuild-catalogue")).Good();
        Assert.Contains($"capyd repository cat {Path.GetRelativePath(Repository, stranger)} | zstd -dc | pg_restore", listed, StringComparison.Ordinal);
        Assert.Equal(before, await Metadata.ListAsync(Rows));

        await File.AppendAllTextAsync(stranger, "more");
        var damaged = await RunAsync("rebuild-catalogue");
        Assert.Equal(7, damaged.ExitCode);
        Assert.Contains("has another size", damaged.Output, StringComparison.Ordinal);
    }

    private async Task<string> FirstBackupAsync() => (await Metadata.ListAsync("SELECT name FROM base_backups ORDER BY name"))[0];

    private Task<CommandResult> RunAsync(string command, params string[] more) => LostHost.CapydAsync(["repository", command, "--data-dir", _data, .. more]);
}
