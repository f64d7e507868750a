using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;
using Capyd.Postgres.Tests.Wal;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Tests.Recovery;

public sealed class RecoverySandboxTests(WalServer server) : IClassFixture<WalServer>
{
    private const string Content = "SELECT string_agg(i::text, ',' ORDER BY i) FROM public.t";
    private static readonly TimelineId One = new(1);

    [Fact]
    public async Task A_moment_between_two_commits_comes_back_exactly()
    {
        await using var scenario = await BeginAsync();
        await server.ExecuteAsync("INSERT INTO public.t VALUES (1)");
        var moment = await NowAsync();
        await server.ExecuteAsync("INSERT INTO public.t VALUES (2)");
        await scenario.Archive.DrainAsync();
        var sandbox = await scenario.SandboxAsync("moment");
        var fetched = new List<RecoveryProgress>();

        var result = await sandbox.RecoverAsync(scenario.Request(new RecoveryTarget.Time(moment)), fetched.Add, CancellationToken.None);

        var reached = Assert.IsType<RecoveryResult.Reached>(result);
        var around = await CommitTimes.AroundAsync(scenario.Archive.Index, moment, server.Lineage, Open(scenario), CancellationToken.None);
        Assert.Equal("1", await RecoveryScenario.AskAsync(sandbox, Content));
        Assert.True(around.CanStop);
        Assert.Equal(around.AtOrBefore?.At, reached.LastCommitAt);
        Assert.Contains("before commit", reached.StoppedBecause, StringComparison.Ordinal);
        Assert.NotEmpty(fetched);
        Assert.Equal("off", await RecoveryScenario.AskAsync(sandbox, "SELECT setting FROM pg_settings WHERE name = 'archive_mode'"));
        Assert.Equal("", await RecoveryScenario.AskAsync(sandbox, "SELECT setting FROM pg_settings WHERE name = 'listen_addresses'"));
        Assert.Equal("500", (await File.ReadAllTextAsync($"/proc/{File.ReadLines(Path.Combine(sandbox.DataDirectory, "postmaster.pid")).First()}/oom_score_adj")).Trim());
    }

    [Fact]
    public async Task The_moment_of_a_commit_contains_it_and_the_microsecond_before_does_not()
    {
        await using var scenario = await BeginAsync();
        await server.ExecuteAsync("INSERT INTO public.t VALUES (1)");
        await server.ExecuteAsync("INSERT INTO public.t VALUES (2)");
        await server.ExecuteAsync("INSERT INTO public.t VALUES (3)");
        await scenario.Archive.DrainAsync();
        var commits = await CommitsAsync(scenario);
        var second = commits[^2].At;

        var with = await scenario.SandboxAsync("with");
        var without = await scenario.SandboxAsync("without");
        await with.RecoverAsync(scenario.Request(new RecoveryTarget.Time(second)), null, CancellationToken.None);
        await without.RecoverAsync(scenario.Request(new RecoveryTarget.Time(second.AddTicks(-10))), null, CancellationToken.None);

        Assert.Equal("1,2", await RecoveryScenario.AskAsync(with, Content));
        Assert.Equal("1", await RecoveryScenario.AskAsync(without, Content));
    }

    [Fact]
    public async Task A_named_restore_point_a_position_and_the_latest_are_reached()
    {
        await using var scenario = await BeginAsync();
        await server.ExecuteAsync("INSERT INTO public.t VALUES (1)");
        await server.ExecuteAsync("SELECT pg_create_restore_point('before ''the'' \\ change')");
        await server.ExecuteAsync("INSERT INTO public.t VALUES (2)");
        await server.ExecuteAsync("INSERT INTO public.t VALUES (3)");
        await scenario.Archive.DrainAsync();
        var commits = await CommitsAsync(scenario);
        var point = scenario.Archive.Index.SelectMany(static s => s.RestorePoints).Single(static p => p.Name == "before 'the' \\ change");

        await ExpectAsync(scenario, "name", new RecoveryTarget.Name(point.Name), "1");
        await ExpectAsync(scenario, "to", new RecoveryTarget.Position(commits[^2].Lsn), "1,2");
        await ExpectAsync(scenario, "before", new RecoveryTarget.Position(commits[^2].Lsn, Inclusive: false), "1");
        await ExpectAsync(scenario, "latest", new RecoveryTarget.Latest(), "1,2,3", commits[^1].Lsn);
    }

    [Fact]
    public async Task A_time_after_the_last_commit_is_a_failure_that_tells_the_last_commit()
    {
        // Trap 42.
        await using var scenario = await BeginAsync();
        await server.ExecuteAsync("INSERT INTO public.t VALUES (1)");
        await scenario.Archive.DrainAsync();
        var last = (await CommitsAsync(scenario))[^1].At;
        var sandbox = await scenario.SandboxAsync("late");

        var result = await sandbox.RecoverAsync(scenario.Request(new RecoveryTarget.Time(last.AddHours(1))), null, CancellationToken.None);

        var failed = Assert.IsType<RecoveryResult.Failed>(result);
        Assert.Equal((RecoveryFailureKind.TargetNotReached, last), (failed.Kind, failed.LastCommitAt!.Value));
        Assert.Contains(last.ToString("HH:mm:ss.ffffff", null), failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hole_never_ends_in_a_promotion_with_data_lost()
    {
        // Traps 16 and 41.
        await using var scenario = await BeginAsync();
        await server.ExecuteAsync("INSERT INTO public.t VALUES (1)");
        await scenario.Archive.DrainAsync();
        await server.ExecuteAsync("INSERT INTO public.t VALUES (2)");
        var hole = await server.LsnAsync("pg_current_wal_lsn()");
        await scenario.Archive.DrainAsync();
        await server.ExecuteAsync("INSERT INTO public.t VALUES (3)");
        await scenario.Archive.DrainAsync();
        var last = (await CommitsAsync(scenario))[^1];
        var missing = WalSegmentName.Containing(One, hole, server.Lineage.SegmentSize).ToString();
        File.Delete(Path.Combine(scenario.Archive.Files, missing));

        var silent = await (await scenario.SandboxAsync("silent")).RecoverAsync(
            scenario.Request(new RecoveryTarget.Latest()) with { RequiredLsn = last.Lsn }, null, CancellationToken.None);
        var loud = await (await scenario.SandboxAsync("loud")).RecoverAsync(
            scenario.Request(new RecoveryTarget.Latest()) with
            {
                RestoreCommand = $"if [ %f = {missing} ]; then echo the archive has a hole >&2; exit 255; fi; {scenario.Archive.RestoreCommand}",
            },
            null,
            CancellationToken.None);

        Assert.Equal(RecoveryFailureKind.StoppedEarly, Assert.IsType<RecoveryResult.Failed>(silent).Kind);
        var failed = Assert.IsType<RecoveryResult.Failed>(loud);
        Assert.Equal(RecoveryFailureKind.ArchiveUnreadable, failed.Kind);
        Assert.Contains("the archive has a hole", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_before_the_end_of_the_backup_is_told_apart()
    {
        // Trap 24.
        await using var scenario = await BeginAsync();
        await scenario.Archive.DrainAsync();
        var control = await ControlData.ReadAsync(
            scenario.Backup, server.Installation, server.Runner, server.Cluster.Endpoint.ToolUser, CancellationToken.None);
        var sandbox = await scenario.SandboxAsync("early");

        var result = await sandbox.RecoverAsync(scenario.Request(new RecoveryTarget.Position(control.Redo)), null, CancellationToken.None);

        Assert.Equal(server.Lineage.System, control.System);
        Assert.Equal(RecoveryFailureKind.TargetBeforeConsistency, Assert.IsType<RecoveryResult.Failed>(result).Kind);
    }

    [Fact]
    public async Task A_full_disk_stops_the_sandbox_and_a_leftover_is_removed_with_its_server()
    {
        // Traps 49 and 78.
        await using var scenario = await BeginAsync();
        await scenario.Archive.DrainAsync();
        var full = await scenario.SandboxAsync("full", static s => s with { DiskFloorBytes = long.MaxValue });
        var running = await scenario.SandboxAsync("running");

        var result = await full.RecoverAsync(scenario.Request(new RecoveryTarget.Latest()), null, CancellationToken.None);
        Assert.IsType<RecoveryResult.Reached>(
            await running.RecoverAsync(scenario.Request(new RecoveryTarget.Latest()), null, CancellationToken.None));
        var removed = await SandboxLeftovers.RemoveAsync(
            scenario.Sandboxes, new HashSet<string> { "full" }, TimeProvider.System, CancellationToken.None);

        Assert.Equal(RecoveryFailureKind.DiskSpace, Assert.IsType<RecoveryResult.Failed>(result).Kind);
        Assert.Equal(["running"], removed);
        Assert.Equal(["full"], Directory.GetDirectories(scenario.Sandboxes).Select(Path.GetFileName));
        await Assert.ThrowsAsync<PostgresFailedException>(() => RecoveryScenario.AskAsync(running, "SELECT 'there'"));
    }

    [Fact]
    public async Task One_database_comes_back_although_the_files_of_its_busy_neighbour_are_empty()
    {
        // Trap 52.
        const string digest = "SELECT count(*) || ' ' || md5(string_agg(id || pad, ',' ORDER BY id)) FROM public.t";
        await server.DisableChecksumsAsync();
        await server.ExecuteAsync("CREATE DATABASE wanted");
        await server.ExecuteAsync("CREATE DATABASE neighbour");
        await FillAsync("wanted", 20_000);
        await FillAsync("neighbour", 60_000);
        await using var scenario = await RecoveryScenario.BeginAsync(server);
        var oid = await server.ScalarAsync<string>("SELECT oid::text FROM pg_database WHERE datname = 'neighbour'");
        await server.ExecuteAsync("UPDATE public.t SET pad = md5(pad) WHERE id % 3 = 0", "wanted");
        await BusyAsync();
        var expected = await server.ScalarAsync<string>(digest, "wanted");
        var moment = await NowAsync();
        await server.ExecuteAsync("DROP TABLE public.t", "wanted");
        await scenario.Archive.DrainAsync();

        Empty(Path.Combine(scenario.Backup, "base", oid!));
        var sandbox = await scenario.SandboxAsync("one");
        var result = await sandbox.RecoverAsync(scenario.Request(new RecoveryTarget.Time(moment)), null, CancellationToken.None);
        Assert.IsType<RecoveryResult.Reached>(result);
        await using var recovered = new PostgresCluster(sandbox.Endpoint);
        Assert.Empty(await SandboxIsolation.KeepOnlyAsync(recovered, DatabaseName.Parse("wanted"), CancellationToken.None));

        Assert.Equal(expected, await RecoveryScenario.AskAsync(sandbox, digest, "wanted"));
        Assert.Equal("wanted", await RecoveryScenario.AskAsync(
            sandbox, "SELECT string_agg(datname, ',') FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')"));

        var strict = await scenario.SandboxAsync("strict", static s => s with { IgnoreInvalidPages = false });
        var refused = await strict.RecoverAsync(scenario.Request(new RecoveryTarget.Time(moment)), null, CancellationToken.None);
        Assert.Equal(RecoveryFailureKind.InvalidPages, Assert.IsType<RecoveryResult.Failed>(refused).Kind);
    }

    private async Task<RecoveryScenario> BeginAsync()
    {
        await server.ExecuteAsync("DROP TABLE IF EXISTS public.t");
        await server.ExecuteAsync("CREATE TABLE public.t (i int)");
        return await RecoveryScenario.BeginAsync(server);
    }

    private static async Task ExpectAsync(RecoveryScenario scenario, string name, RecoveryTarget target, string content, Lsn? required = null)
    {
        var sandbox = await scenario.SandboxAsync(name);
        var result = await sandbox.RecoverAsync(scenario.Request(target) with { RequiredLsn = required }, null, CancellationToken.None);
        Assert.IsType<RecoveryResult.Reached>(result);
        Assert.Equal(content, await RecoveryScenario.AskAsync(sandbox, Content));
        await sandbox.DisposeAsync();
        Assert.False(Directory.Exists(Path.Combine(scenario.Sandboxes, name)));
    }

    private async Task<List<TransactionEnd>> CommitsAsync(RecoveryScenario scenario)
    {
        var ends = new List<TransactionEnd>();
        var scanner = new WalScanner(server.Lineage) { Visit = ends.Add };
        foreach (var segment in scenario.Archive.Index.Select(static s => s.Segment))
        {
            await using var content = await Open(scenario)(segment, CancellationToken.None);
            await scanner.ReadAsync(segment, content, CancellationToken.None);
        }

        return [.. ends.Where(static e => e.Committed)];
    }

    private static Func<WalSegmentName, CancellationToken, Task<Stream>> Open(RecoveryScenario scenario) =>
        (segment, _) => Task.FromResult<Stream>(File.OpenRead(Path.Combine(scenario.Archive.Files, segment.ToString())));

    private async Task<DateTimeOffset> NowAsync() =>
        new(await server.ScalarAsync<DateTime>("SELECT clock_timestamp()"), TimeSpan.Zero);

    private async Task FillAsync(string database, int rows)
    {
        await server.ExecuteAsync("CREATE TABLE public.t (id int PRIMARY KEY, pad text) WITH (autovacuum_enabled = off)", database);
        await server.ExecuteAsync($"INSERT INTO public.t SELECT i, md5(i::text) FROM generate_series(1, {rows}) i", database);
    }

    private async Task BusyAsync()
    {
        string[] work =
        [
            "VACUUM public.t", "VACUUM FULL public.t", "VACUUM FULL pg_class", "REINDEX DATABASE neighbour",
            "CREATE INDEX ON public.t USING hash (pad)", "CREATE TABLE public.u AS SELECT * FROM public.t",
            "UPDATE public.t SET pad = md5(pad) WHERE id % 2 = 0", "VACUUM public.t", "TRUNCATE public.u", "DROP TABLE public.u",
        ];
        foreach (var sql in work)
        {
            await server.ExecuteAsync(sql, "neighbour");
        }

        await server.ExecuteAsync("CREATE DATABASE passing TEMPLATE neighbour");
        await server.ExecuteAsync("CHECKPOINT");
        await server.ExecuteAsync("DELETE FROM public.t WHERE id % 5 = 0", "neighbour");
        await server.ExecuteAsync("VACUUM public.t", "neighbour");
        await server.ExecuteAsync("DROP DATABASE passing");
    }

    /// <summary>The same lengths, nothing in them.</summary>
    private static void Empty(string directory)
    {
        foreach (var file in Directory.GetFiles(directory).Where(static f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
            var length = stream.Length;
            stream.SetLength(0);
            stream.SetLength(length);
        }
    }
}
