using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.BaseBackups;

/// <summary>Base backups of a real server that read only what changed (traps 21, 22, 25 to 29).</summary>
[Collection(nameof(TemporaryCluster))]
public sealed class ChangedBackupTests(TemporaryCluster server) : IDisposable
{
    private const string Digest = "SELECT count(*) || md5(string_agg(id || v, ',' ORDER BY id)) FROM public.";

    private readonly string _target = Path.Combine(server.Directory, $"restored-{Guid.NewGuid():N}");

    private string Data => Path.Combine(server.Directory, "postgres/pgdata");

    public void Dispose()
    {
        if (Directory.Exists(_target))
        {
            Directory.Delete(_target, recursive: true);
        }
    }

    [Fact]
    public async Task Only_what_changed_is_read_and_the_copy_starts_with_what_was_written_meanwhile()
    {
        var place = await MakeDirectoryAsync("space");
        await server.ExecuteAsync(null, $"CREATE TABLESPACE cb_space LOCATION '{place}'");
        try
        {
            await MakeAsync("cb_whole", "TABLESPACE cb_space");
            await server.ExecuteAsync("cb_whole", "CREATE UNLOGGED TABLE public.fleeting AS TABLE public.still");
            await SettleAsync();
            var first = await KeptBackup.TakeAsync(server, "cb-1");
            Assert.True(first.Result!.ReadWhole);
            await server.ExecuteAsync("cb_whole", "UPDATE public.moving SET v = v || 'x' WHERE id % 500 = 0; CREATE TEMPORARY TABLE passing AS TABLE public.moving");
            await SettleAsync();

            var churn = Task.CompletedTask;
            using var done = new CancellationTokenSource();
            var second = await KeptBackup.TakeAsync(server, "cb-2", async () => churn = await ChurnAsync(done.Token), first);
            await done.CancelAsync();
            await churn;
            var result = second.Result!;
            Assert.False(result.ReadWhole);
            Assert.True(result.ReadBytes < result.Bytes / 2, $"{result.ReadBytes} of {result.Bytes}");
            Assert.True(result.StopLsn > result.Start.StartLsn);
            Assert.Contains("LABEL: it's cb-2", result.Label, StringComparison.Ordinal);
            Assert.Contains(place, result.TablespaceMap, StringComparison.Ordinal);
            Assert.Equal(place, Assert.Single(result.Start.Tablespaces).Location);
            Assert.Contains(await PathAsync("still"), second.TakenOver);
            Assert.DoesNotContain(await PathAsync("moving"), second.TakenOver);
            Assert.DoesNotContain(await PathAsync("fleeting"), second.Paths);
            Assert.Contains(await PathAsync("fleeting") + "_init", second.Paths);
            Assert.DoesNotContain(second.Paths, path => path.StartsWith("pg_wal/0", StringComparison.Ordinal) || path.StartsWith("pg_replslot/", StringComparison.Ordinal) || path == "postmaster.pid");
            Assert.All(second.Paths.Where(path => RelationFiles.IsMainFork(path) && !second.TakenOver.Contains(path)), path => AssertChecksums(path, second.Content(path), result.Start.StartLsn));

            var restored = await RestoreAsync(second);
            Assert.Equal(result.Files, restored.Files);
            await using var copy = await RestoredServer.StartAsync(server, _target);
            foreach (var table in (string[])["still", "moving", "churned"])
            {
                Assert.Equal(await server.ScalarAsync<string>("cb_whole", Digest + table), await copy.ScalarAsync<string>("cb_whole", Digest + table));
            }

            Assert.Equal(0, await copy.ScalarAsync<long>("cb_whole", "SELECT count(*) FROM public.fleeting"));
        }
        finally
        {
            await server.ExecuteAsync(null, "DROP DATABASE IF EXISTS cb_whole WITH (FORCE)");
            await server.ExecuteAsync(null, "DROP TABLESPACE cb_space");
        }
    }

    [Fact]
    public async Task Both_ways_hold_the_same_directories_files_and_modes_and_verify()
    {
        await MakeAsync("cb_same");
        await SettleAsync();
        var first = await KeptBackup.TakeAsync(server, "cb-same-1");
        await SettleAsync();
        var second = await KeptBackup.TakeAsync(server, "cb-same-2", null, first);
        Assert.False(second.Result!.ReadWhole);
        Assert.Equal(Shape(first), Shape(second));

        await RestoreAsync(second);
        var verify = new ToolCommand(server.Binaries.NewestServer().PathOf("pg_verifybackup"), ["--no-parse-wal", _target]) { RunAs = server.Endpoint.ToolUser };
        (await server.Runner.RunAsync(verify, ToolStreams.None, CancellationToken.None)).EnsureSuccess(verify);
        var verification = new BaseBackupVerification(reusesPages: false);
        foreach (var file in second.Members.Where(member => member.Kind == BaseBackupMemberKind.File))
        {
            await using var content = await second.OpenAsync(file, CancellationToken.None);
            await verification.ReadAsync(file, content, CancellationToken.None);
        }

        Assert.Null(await verification.CompareAsync(second, CancellationToken.None));
        var third = await KeptBackup.TakeAsync(server, "cb-same-3", null, second);
        Assert.False(third.Result!.ReadWhole);
        await server.ExecuteAsync(null, "DROP DATABASE cb_same");

        static List<string> Shape(KeptBackup backup) =>
            [.. backup.Members.Select(member => $"{member.Kind} {member.Path} {member.Mode}").Where(line => !line.Contains("tablespace_map", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Files_that_vanish_shrink_or_grow_while_they_are_read_are_mended_by_replay()
    {
        await MakeAsync("cb_vanish");
        await server.ExecuteAsync("cb_vanish", "CREATE TABLE public.gone AS TABLE public.still; CREATE TABLE public.short AS TABLE public.still; CREATE TABLE public.long AS TABLE public.still");
        var first = await KeptBackup.TakeAsync(server, "cb-vanish-1");
        await server.ExecuteAsync("cb_vanish", "UPDATE public.gone SET v = 'a'; UPDATE public.short SET v = 'b'; UPDATE public.long SET v = 'c'");
        var (gone, cut) = (await PathAsync("gone", "cb_vanish"), await PathAsync("short", "cb_vanish"));
        var begun = 0;
        var second = await KeptBackup.TakeAsync(server, "cb-vanish-2", null, first, request => request with
        {
            Readers = 1,
            ConsumeMember = async (member, content, ct) =>
            {
                if (member.Kind == BaseBackupMemberKind.File && Interlocked.Exchange(ref begun, 1) == 0)
                {
                    await server.ExecuteAsync("cb_vanish", "DROP TABLE public.gone; DELETE FROM public.short WHERE id > 100; INSERT INTO public.long SELECT id + 1000000, v FROM public.still");
                    await server.ExecuteAsync("cb_vanish", "VACUUM (FREEZE, TRUNCATE) public.short");
                    await server.ExecuteAsync("cb_vanish", "CHECKPOINT");
                }

                await request.ConsumeMember(member, content, ct);
            },
        });
        Assert.False(second.Result!.ReadWhole);
        // However much of it was read before it was cut off: replay drops it.
        Assert.True(!second.Paths.Contains(gone) || second.Content(gone).Length <= first.Content(gone).Length * 2);
        Assert.Contains(cut, second.Paths);
        await RestoreAsync(second);
        await using var copy = await RestoredServer.StartAsync(server, _target);
        foreach (var table in (string[])["short", "long"])
        {
            Assert.Equal(await server.ScalarAsync<string>("cb_vanish", Digest + table), await copy.ScalarAsync<string>("cb_vanish", Digest + table));
        }

        Assert.True(await copy.ScalarAsync<bool>("cb_vanish", "SELECT to_regclass('public.gone') IS NULL"));
        await server.ExecuteAsync(null, "DROP DATABASE cb_vanish");
    }

    [Fact]
    public async Task A_damaged_page_of_a_file_that_is_read_fails_the_backup_and_is_named()
    {
        await MakeAsync("cb_damaged");
        await SettleAsync();
        var first = await KeptBackup.TakeAsync(server, "cb-damaged-1");
        var path = await PathAsync("still", "cb_damaged");
        var file = Path.Combine(Data, path);
        var whole = await File.ReadAllBytesAsync(file);
        var altered = whole.ToArray();
        altered[(8192 * 3) + 5000] ^= 1;
        await File.WriteAllBytesAsync(file, altered);
        var failed = await Assert.ThrowsAsync<BaseBackupFailedException>(() => KeptBackup.TakeAsync(server, "cb-damaged-2", null, first));
        await File.WriteAllBytesAsync(file, whole);
        Assert.Equal(BaseBackupFailure.DamagedPages, failed.Kind);
        Assert.Contains($"{path}, page 3:", failed.Message, StringComparison.Ordinal);
        Assert.StartsWith("1 of the pages", failed.Message, StringComparison.Ordinal);
        await server.ExecuteAsync(null, "DROP DATABASE cb_damaged");
    }

    [Fact]
    public async Task What_is_too_young_put_back_with_its_old_time_or_lost_is_read()
    {
        var mine = Path.Combine(Data, "mine.conf");
        var young = Path.Combine(Data, "young.conf");
        await MakeAsync("cb_read");
        await File.WriteAllTextAsync(mine, "one");
        await SettleAsync();
        await File.WriteAllTextAsync(young, "one");
        try
        {
            var first = await KeptBackup.TakeAsync(server, "cb-read-1");
            var time = File.GetLastWriteTimeUtc(mine);
            await SettleAsync();
            await File.WriteAllTextAsync(mine, "two");
            File.SetLastWriteTimeUtc(mine, time);
            var lost = await PathAsync("still", "cb_read");
            var second = await KeptBackup.TakeAsync(server, "cb-read-2", null, first, request => request with { Earlier = ((EarlierBackup)request.Earlier!).Without(lost) });
            Assert.False(second.Result!.ReadWhole);
            Assert.Equal("two"u8, second.Content("mine.conf"));
            Assert.DoesNotContain("young.conf", second.TakenOver);
            Assert.DoesNotContain(lost, second.TakenOver);
            Assert.Equal(first.Content(lost), second.Content(lost));
        }
        finally
        {
            File.Delete(mine);
            File.Delete(young);
            await server.ExecuteAsync(null, "DROP DATABASE cb_read");
        }
    }

    [Fact]
    public async Task Where_anything_is_not_as_expected_everything_is_read()
    {
        var first = await KeptBackup.TakeAsync(server, "cb-whole-1");
        var start = first.Result!.Start;
        Assert.False(await ReadsWholeAsync(new EarlierBackup(first, null)));
        Assert.True(await ReadsWholeAsync(new EarlierBackup(first, null) { Start = start with { Timeline = new TimelineId(7) } }));
        Assert.True(await ReadsWholeAsync(new EarlierBackup(first, null) { Start = start with { SystemIdentifier = new SystemIdentifier(7) } }));
        Assert.True(await ReadsWholeAsync(new EarlierBackup(first, null) { Start = start with { ServerVersion = 990001 } }));
        Assert.True(await ReadsWholeAsync(new EarlierBackup(first, null) { StopAt = DateTimeOffset.MaxValue }));
        Assert.True(await ReadsWholeAsync(new EarlierBackup(first, null) { Lost = "backup_manifest" }));
        var strange = Directory.CreateDirectory(Path.Combine(Data, "strange"));
        File.CreateSymbolicLink(Path.Combine(strange.FullName, "loop"), Data);
        Assert.True(await ReadsWholeAsync(new EarlierBackup(first, null)));
        strange.Delete(recursive: true);
        await server.ExecuteAsync(null, "CREATE ROLE cb_modest LOGIN REPLICATION");
        await using var modest = new PostgresCluster(server.Endpoint with { AdminRole = "cb_modest" });
        var refused = await Record.ExceptionAsync(async () => Assert.True(await ReadsWholeAsync(new EarlierBackup(first, null), modest)));
        Assert.True(refused is null or BaseBackupFailedException { Kind: BaseBackupFailure.Refused } or PostgresFailedException, refused?.ToString());
        await server.ExecuteAsync(null, "DROP ROLE cb_modest");
    }

    [Fact]
    public async Task A_session_that_is_ended_ends_the_backup_and_leaves_nothing_on_the_server()
    {
        var first = await KeptBackup.TakeAsync(server, "cb-ended-1");
        const string mine = "FROM pg_catalog.pg_stat_activity WHERE application_name = 'cb ended'";
        var failed = await Assert.ThrowsAsync<BaseBackupFailedException>(() => KeptBackup.TakeAsync(
            server, "cb-ended-2", () => server.ExecuteAsync(null, $"SELECT pg_catalog.pg_terminate_backend(pid) {mine}"), first, request => request with { ApplicationName = "cb ended" }));
        Assert.Equal(RetryClass.Transient, failed.Retry);
        await Assert.ThrowsAsync<InvalidOperationException>(() => KeptBackup.TakeAsync(
            server, "cb-ended-3", null, first, request => request with { ApplicationName = "cb ended", ConsumeMember = (_, _, _) => throw new InvalidOperationException("full") }));
        await server.UntilAsync(null, $"SELECT NOT EXISTS (SELECT 1 {mine})");
        Assert.False((await KeptBackup.TakeAsync(server, "cb-ended-4", null, first)).Result!.ReadWhole);
    }

    private async Task<bool> ReadsWholeAsync(IEarlierBaseBackup earlier, PostgresCluster? cluster = null)
    {
        var request = new BaseBackupRequest("x", (_, _, _) => Task.CompletedTask) { Earlier = earlier };
        return (await new BaseBackup(cluster ?? server.Cluster).RunAsync(request, CancellationToken.None)).ReadWhole;
    }

    /// <summary>What was written since the backup began may be torn; replay mends it.</summary>
    private static void AssertChecksums(string path, byte[] content, Lsn start)
    {
        for (var at = 0; at + 8192 <= content.Length; at += 8192)
        {
            var page = content.AsSpan(at, 8192);
            if ((page[14] != 0 || page[15] != 0) && UnchangedPages.PositionOf(page) < start)
            {
                Assert.True(PageChecksum.Of(page, (uint)(at / 8192)) == PageChecksum.Written(page), $"{path} at {at}");
            }
        }
    }

    private Task<RestoredDirectory> RestoreAsync(KeptBackup backup) =>
        new BaseBackupRestore(server.Runner).RunAsync(new BaseBackupRestoreRequest(backup, _target) { Owner = server.Endpoint.ToolUser }, CancellationToken.None);

    private async Task MakeAsync(string database, string where = "")
    {
        await server.ExecuteAsync(null, $"DROP DATABASE IF EXISTS {database}");
        await server.ExecuteAsync(null, $"CREATE DATABASE {database} {where}");
        await server.ExecuteAsync(database, "CREATE TABLE public.still AS SELECT i AS id, md5(i::text) AS v FROM pg_catalog.generate_series(1, 50000) i");
        await server.ExecuteAsync(database, "VACUUM FREEZE public.still");
        await server.ExecuteAsync(database, "CREATE TABLE public.moving AS TABLE public.still");
    }

    /// <summary>Everything is on disk, and old enough for a backup to be sure of it.</summary>
    private async Task SettleAsync()
    {
        await server.ExecuteAsync(null, "CHECKPOINT");
        await server.UntilAsync(null, "SELECT clock_timestamp() > (pg_catalog.pg_stat_file('global/pg_control')).modification + interval '3.5 seconds'");
    }

    /// <summary>Makes and drops tables before the first file is read, and then writes until it is told to end.</summary>
    private async Task<Task> ChurnAsync(CancellationToken done)
    {
        await server.ExecuteAsync("cb_whole", "CREATE TABLE public.gone AS SELECT * FROM public.moving; CHECKPOINT; DROP TABLE public.gone; CHECKPOINT; CREATE TABLE public.churned AS TABLE public.still WITH NO DATA");
        await server.ExecuteAsync("cb_whole", "VACUUM FULL public.moving");
        await server.ExecuteAsync("cb_whole", "CREATE INDEX ON public.moving (v)");
        return Task.Run(
            async () =>
            {
                for (var turn = 1; !done.IsCancellationRequested || turn < 3; turn++)
                {
                    await server.ExecuteAsync("cb_whole", $"UPDATE public.moving SET v = 't{turn}' WHERE id % 50 = {turn % 50}; INSERT INTO public.churned SELECT id, v FROM public.moving WHERE id % 100 = {turn % 100}; CHECKPOINT");
                }
            },
            CancellationToken.None);
    }

    private async Task<string> PathAsync(string table, string database = "cb_whole") =>
        (await server.ScalarAsync<string>(database, $"SELECT pg_relation_filepath('public.{table}')"))!;

    private async Task<string> MakeDirectoryAsync(string name)
    {
        var directory = Path.Combine(server.Directory, $"{name}-{Guid.NewGuid():N}");
        var command = new ToolCommand("install", ["-d", "-o", server.Endpoint.ToolUser ?? Environment.UserName, "-m", "0700", directory]);
        (await server.Runner.RunAsync(command, ToolStreams.None, CancellationToken.None)).EnsureSuccess(command);
        return directory;
    }
}
