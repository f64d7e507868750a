using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.BaseBackups;

/// <summary>Base backups of a real server, written out and started (traps 21, 24, 27 to 33, 52).</summary>
[Collection(nameof(TemporaryCluster))]
public sealed class BaseBackupTests(TemporaryCluster server) : IDisposable
{
    private const string Digest = "SELECT count(*) || md5(string_agg(id || v, ',' ORDER BY id)) FROM public.t";

    private readonly string _target = Path.Combine(server.Directory, $"restored-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_target))
        {
            Directory.Delete(_target, recursive: true);
        }
    }

    [Fact]
    public async Task A_restored_backup_starts_and_holds_what_was_written_while_it_ran()
    {
        await FillAsync("bb_whole");
        var backup = await KeptBackup.TakeAsync(server, "whole", () => ChurnAsync("bb_whole"));
        var result = backup.Result!;
        Assert.True(result.StopLsn > result.Start.StartLsn);
        Assert.Contains("LABEL: it's whole", result.Label, StringComparison.Ordinal);
        Assert.Contains(result.Start.Databases, database => database.Name == "bb_whole");
        Assert.Equal(await server.ScalarAsync<string>(null, "SELECT system_identifier::text FROM pg_control_system()"), result.Start.SystemIdentifier.ToString());
        Assert.True(result.Start.DataChecksums);
        Assert.Equal("backup_manifest", backup.Paths[^1]);
        Assert.DoesNotContain(backup.Paths, path => path.StartsWith("pg_wal/0", StringComparison.Ordinal) || path == "postmaster.pid");

        var expected = await server.ScalarAsync<string>("bb_whole", Digest);
        var restored = await RestoreAsync(backup);
        // With the manifest, without tablespace_map.
        Assert.Equal(result.Files, restored.Files);
        await using var copy = await RestoredServer.StartAsync(server, _target);
        Assert.Equal(expected, await copy.ScalarAsync<string>("bb_whole", Digest));
        Assert.Equal(3, await copy.ScalarAsync<int>("bb_whole", "SELECT sum(n)::int FROM public.churned"));
    }

    [Fact]
    public async Task A_server_without_checksums_is_backed_up_as_well()
    {
        await RestoreAsync(await KeptBackup.TakeAsync(server, "unchecked"));
        await using var copy = await RestoredServer.StartAsync(server, _target);
        await copy.RemoveChecksumsAsync();
        var request = new BaseBackupRequest("x", (_, _, _) => Task.CompletedTask) { FastCheckpoint = true, MaxRateKilobytes = 1024 * 1024 };
        var result = await new BaseBackup(copy.Cluster).RunAsync(request, CancellationToken.None);
        Assert.False(result.Start.DataChecksums);
        Assert.True(result.Files > 500);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tablespaces_come_along_and_never_lead_back_to_the_live_ones(bool elsewhere)
    {
        var place = await MakeDirectoryAsync("space");
        await server.ExecuteAsync(null, $"CREATE TABLESPACE bb_space LOCATION '{place}'");
        try
        {
            await FillAsync("bb_space", "TABLESPACE bb_space");
            var backup = await KeptBackup.TakeAsync(server, $"space-{elsewhere}");
            var space = Assert.Single(backup.Result!.Start.Tablespaces);
            Assert.Equal(place, space.Location);
            Assert.Contains(place, backup.Result.TablespaceMap, StringComparison.Ordinal);
            var expected = await server.ScalarAsync<string>("bb_space", Digest);
            var outside = elsewhere ? $"{_target}-spaces" : null;
            await RestoreAsync(backup, request => request with { TablespaceDirectory = outside });
            await server.ExecuteAsync("bb_space", "DELETE FROM public.t; CHECKPOINT");
            Assert.False(File.Exists(Path.Combine(_target, "tablespace_map")));
            Assert.Equal($"{outside ?? $"{_target}/tablespaces"}/{space.Oid}", new DirectoryInfo(Path.Combine(_target, "pg_tblspc", $"{space.Oid}")).LinkTarget);
            await using var copy = await RestoredServer.StartAsync(server, _target);
            Assert.Equal(0, await copy.ScalarAsync<int>("bb_space", "SELECT count(*)::int FROM public.t"));
            Assert.NotEqual(expected, await server.ScalarAsync<string>("bb_space", Digest));
            Assert.True(await copy.ScalarAsync<bool>("bb_space", "SELECT spcname = 'bb_space' FROM pg_database d JOIN pg_tablespace s ON s.oid = dattablespace WHERE datname = current_database()"));
        }
        finally
        {
            await server.ExecuteAsync(null, "DROP DATABASE IF EXISTS bb_space");
            await server.ExecuteAsync(null, "DROP TABLESPACE bb_space");
        }
    }

    [Fact]
    public async Task One_database_is_written_out_and_the_others_are_holes()
    {
        await FillAsync("bb_wanted");
        await FillAsync("bb_other");
        var backup = await KeptBackup.TakeAsync(server, "single", () => ChurnAsync("bb_other"));
        var wanted = backup.Result!.Start.Databases.Where(database => database.Name is "bb_wanted" or "postgres" or "template1").Select(database => database.Oid);
        var restored = await RestoreAsync(backup, request => request with { Databases = wanted.ToHashSet(), Durable = false });
        Assert.True(restored.SkippedBytes > 10_000_000);
        Assert.Equal(backup.Members.Sum(member => Math.Max(0, member.Size)), restored.SkippedBytes + restored.WrittenBytes - backup.Content("backup_manifest").Length);
        await using var copy = await RestoredServer.StartAsync(server, _target);
        Assert.Equal(await server.ScalarAsync<string>("bb_wanted", Digest), await copy.ScalarAsync<string>("bb_wanted", Digest));
    }

    [Fact]
    public async Task A_target_that_holds_something_is_refused_and_left_alone()
    {
        var backup = await KeptBackup.TakeAsync(server, "refused");
        Directory.CreateDirectory(_target);
        await File.WriteAllTextAsync(Path.Combine(_target, "mine"), "precious");
        await Assert.ThrowsAsync<IOException>(() => RestoreAsync(backup));
        Assert.Equal(["mine"], Directory.EnumerateFileSystemEntries(_target).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("base/../../../etc/cron.d/x", BaseBackupMemberKind.Directory)]
    [InlineData("/etc/x", BaseBackupMemberKind.Directory)]
    [InlineData("pg_wal", BaseBackupMemberKind.SymbolicLink)]
    [InlineData("pg_tblspc/1/2", BaseBackupMemberKind.SymbolicLink)]
    public async Task What_would_leave_the_target_is_refused(string path, BaseBackupMemberKind kind)
    {
        var backup = new KeptBackup(server.Directory);
        backup.Add(new BaseBackupMember(kind, path, UnixFileMode.UserRead, 0, 0) { LinkTarget = "/etc" });
        await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync(backup));
        Assert.False(File.Exists(Path.Combine(_target, "global/pg_control")));
    }

    [Fact]
    public async Task Damaged_pages_of_the_live_server_fail_the_backup_and_are_named()
    {
        await FillAsync("bb_damaged");
        await server.ExecuteAsync("bb_damaged", "CHECKPOINT");
        var path = await server.ScalarAsync<string>("bb_damaged", "SELECT pg_relation_filepath('public.t')");
        var file = Path.Combine(server.Directory, "postgres/pgdata", path!);
        var whole = await File.ReadAllBytesAsync(file);
        var altered = whole.ToArray();
        altered[(8192 * 3) + 5000] ^= 1;
        await File.WriteAllBytesAsync(file, altered);
        var failed = await Assert.ThrowsAsync<BaseBackupFailedException>(() => KeptBackup.TakeAsync(server, "damaged"));
        await File.WriteAllBytesAsync(file, whole);
        Assert.Equal(BaseBackupFailure.DamagedPages, failed.Kind);
        Assert.Contains(path!, failed.Message, StringComparison.Ordinal);
        await server.ExecuteAsync(null, "DROP DATABASE bb_damaged");
    }

    [Fact]
    public async Task A_consumer_that_fails_ends_the_backup_on_the_server()
    {
        var request = new BaseBackupRequest("x", (_, _, _) => throw new InvalidOperationException("full")) { ApplicationName = "bb failing" };
        await Assert.ThrowsAsync<InvalidOperationException>(() => new BaseBackup(server.Cluster).RunAsync(request, CancellationToken.None));
        await server.UntilAsync(null, "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'bb failing')");
    }

    [Fact]
    public async Task A_server_that_refuses_says_what_to_do()
    {
        await using var stranger = new PostgresCluster(server.Endpoint with { AdminRole = "nobody_here" });
        var failed = await Assert.ThrowsAsync<BaseBackupFailedException>(
            () => BackupConnection.OpenAsync(stranger.Endpoint, "x", CancellationToken.None));
        Assert.Equal(BaseBackupFailure.Refused, failed.Kind);
        Assert.Contains("pg_hba.conf", failed.Message, StringComparison.Ordinal);
        var absent = await Assert.ThrowsAsync<BaseBackupFailedException>(
            () => BackupConnection.OpenAsync(server.Endpoint with { Port = 1 }, "x", CancellationToken.None));
        Assert.Equal(RetryClass.Transient, absent.Retry);
    }

    private Task<RestoredDirectory> RestoreAsync(KeptBackup backup, Func<BaseBackupRestoreRequest, BaseBackupRestoreRequest>? change = null)
    {
        var request = new BaseBackupRestoreRequest(backup, _target) { Owner = server.Endpoint.ToolUser };
        return new BaseBackupRestore(server.Runner).RunAsync(change?.Invoke(request) ?? request, CancellationToken.None);
    }

    private async Task FillAsync(string database, string where = "")
    {
        await server.ExecuteAsync(null, $"DROP DATABASE IF EXISTS {database}");
        await server.ExecuteAsync(null, $"CREATE DATABASE {database} {where}");
        await server.ExecuteAsync(database, "CREATE TABLE public.t AS SELECT i AS id, md5(i::text) AS v FROM pg_catalog.generate_series(1, 50000) i");
    }

    /// <summary>Writes, and makes and drops tables, after the checkpoint and before the first file is sent.</summary>
    private async Task ChurnAsync(string database)
    {
        await server.ExecuteAsync(database, "UPDATE public.t SET v = v || 'x' WHERE id % 7 = 0; DELETE FROM public.t WHERE id % 11 = 0");
        await server.ExecuteAsync(database, "CREATE TABLE public.gone AS SELECT * FROM public.t; CHECKPOINT; DROP TABLE public.gone; CHECKPOINT");
        await server.ExecuteAsync(database, "CREATE TABLE public.churned AS SELECT 3 AS n");
        await server.ExecuteAsync(database, "VACUUM FULL public.t; CREATE INDEX ON public.t (v); REINDEX TABLE public.t");
    }

    private async Task<string> MakeDirectoryAsync(string name)
    {
        var directory = Path.Combine(server.Directory, $"{name}-{Guid.NewGuid():N}");
        var command = new ToolCommand("install", ["-d", "-o", server.Endpoint.ToolUser ?? Environment.UserName, "-m", "0700", directory]);
        (await server.Runner.RunAsync(command, ToolStreams.None, CancellationToken.None)).EnsureSuccess(command);
        return directory;
    }
}
