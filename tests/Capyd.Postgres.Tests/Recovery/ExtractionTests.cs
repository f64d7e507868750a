using Capyd.Postgres.Clones;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;
using Capyd.Postgres.Tests.Wal;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commands;

namespace Capyd.Postgres.Tests.Recovery;

public sealed class ExtractionTests(WalServer server) : IClassFixture<WalServer>
{
    private const string Content = """
        SELECT (SELECT string_agg(format('%s|%s|%s|%s', id, mood, twice, length(words)), ',' ORDER BY id) FROM app.notes)
            || (SELECT string_agg(encode(lo_get(oid), 'hex'), ',') FROM pg_largeobject_metadata)
        """;

    [Fact]
    public async Task A_database_of_a_sandbox_comes_back_into_the_live_server_and_both_are_compared()
    {
        await FillAsync("shop");
        await server.ExecuteAsync("CREATE ROLE reader; CREATE ROLE guest");
        await server.ExecuteAsync(
            "GRANT USAGE ON SCHEMA app TO reader; GRANT SELECT ON app.notes TO reader; ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON app.notes FOR SELECT TO guest USING (id < 9)",
            "shop");
        await using var scenario = await RecoveryScenario.BeginAsync(server);
        await server.ExecuteAsync("UPDATE app.notes SET words = repeat('x', 3000) WHERE id % 2 = 0", "shop");
        var expected = await server.ScalarAsync<string>(Content, "shop");
        var mark = await new WalMarks(server.Cluster).WriteAsync("right", CancellationToken.None);
        await server.ExecuteAsync("DROP TABLE app.notes; DROP OWNED BY reader", "shop");
        await server.ExecuteAsync("DROP ROLE reader");
        await server.ExecuteAsync("DROP ROLE guest");
        await scenario.Archive.DrainAsync();
        var (walls, problem) = await SandboxWalls.FindAsync(
            [scenario.Archive.Files], [], (server.Runner, server.Cluster.Endpoint.ToolUser), CancellationToken.None);
        Assert.Null(problem);
        var sandbox = await scenario.SandboxAsync("walled", s => s with { Walls = walls });
        Assert.IsType<RecoveryResult.Reached>(
            await sandbox.RecoverAsync(scenario.Request(new RecoveryTarget.Name(mark.Name)), null, CancellationToken.None));

        await using var recovered = new PostgresCluster(sandbox.Endpoint);
        var result = await new DatabaseExtraction(recovered, server.Cluster, PostgresBinaries.Discover(null), server.Runner).RunAsync(
            new CloneRequest(Name("shop"), Name("shop_back"), RoleName.Parse("keeper"), new Dictionary<string, string>(), "test")
            {
                Loader = RoleName.Parse("loader_shop"), StagingDirectory = server.Directory, Jobs = 2, KeepPrivileges = true, ApplicationName = "test extraction",
            },
            CancellationToken.None);

        Assert.Empty(result.Differences);
        Assert.Equal(expected, await server.ScalarAsync<string>(Content, "shop_back"));
        Assert.Equal("keeper", await server.ScalarAsync<string>("SELECT tableowner::text FROM pg_tables WHERE tablename = 'notes'", "shop_back"));
        Assert.Equal("true false", await server.ScalarAsync<string>(
            "SELECT has_table_privilege('reader', 'app.notes', 'SELECT') || ' ' || (SELECT rolcanlogin FROM pg_roles WHERE rolname = 'guest')", "shop_back"));
        Assert.NotEmpty(Processes(sandbox.DataDirectory));
        await sandbox.StopAsync();
        Assert.Empty(Processes(sandbox.DataDirectory));
    }

    [Fact]
    public async Task Behind_walls_a_tablespace_that_is_made_in_the_log_is_not_the_live_one()
    {
        // Trap 29: replay links pg_tblspc to the place that the live server still uses.
        var place = Path.Combine(server.Directory, "space");
        await OwnedDirectory.CreateAsync(server.Runner, place, server.Cluster.Endpoint.ToolUser, CancellationToken.None);
        await using var scenario = await RecoveryScenario.BeginAsync(server);
        await server.ExecuteAsync($"CREATE TABLESPACE aside LOCATION '{place}'");
        await server.ExecuteAsync("CREATE TABLE public.aside TABLESPACE aside AS SELECT i FROM generate_series(1, 1000) i");
        await scenario.Archive.DrainAsync();
        var before = Directory.GetFiles(place, "*", SearchOption.AllDirectories).ToDictionary(static f => f, File.GetLastWriteTimeUtc);
        var (walls, _) = await SandboxWalls.FindAsync(
            [scenario.Archive.Files], [place], (server.Runner, server.Cluster.Endpoint.ToolUser), CancellationToken.None);
        var sandbox = await scenario.SandboxAsync("aside", s => s with { Walls = walls });

        Assert.IsType<RecoveryResult.Reached>(await sandbox.RecoverAsync(scenario.Request(new RecoveryTarget.Latest()), null, CancellationToken.None));

        Assert.Equal("1000", await RecoveryScenario.AskAsync(sandbox, "SELECT count(*)::text FROM public.aside"));
        await RecoveryScenario.AskAsync(sandbox, "DELETE FROM public.aside; CHECKPOINT");
        Assert.Equal("1000", await server.ScalarAsync<string>("SELECT count(*)::text FROM public.aside"));
        Assert.Equal(before, Directory.GetFiles(place, "*", SearchOption.AllDirectories).ToDictionary(static f => f, File.GetLastWriteTimeUtc));
        await sandbox.DisposeAsync();
        await server.ExecuteAsync("DROP TABLE public.aside");
        await server.ExecuteAsync("DROP TABLESPACE aside");
    }

    [Fact]
    public async Task The_socket_gives_what_is_there_tells_the_end_and_never_takes_a_hole_for_it()
    {
        await using var scenario = await RecoveryScenario.BeginAsync(server);
        await server.SwitchFilledAsync();
        await scenario.Archive.DrainAsync();
        var first = scenario.Archive.Ranges.Of(new TimelineId(1))[0].From;
        var segment = WalSegmentName.Containing(new TimelineId(1), first, server.Lineage.SegmentSize);
        var end = WalSegmentName.Containing(new TimelineId(1), scenario.Archive.Ranges.Of(new TimelineId(1))[^1].To, server.Lineage.SegmentSize);
        var socket = Path.Combine(server.Directory, "wal.sock");
        var ready = Path.Combine(server.Directory, "ready");
        var next = Path.Combine(ready, segment.Next.ToString());
        await using var serving = WalSocketServer.Start(socket, ready, server.Lineage, LookAsync, new HashSet<uint>());
        var target = Path.Combine(server.Directory, "RECOVERYXLOG");
        var said = new List<string>();

        Assert.Equal(0, await WalSocketClient.FetchAsync(socket, segment.ToString(), target, said.Add));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(scenario.Archive.Files, segment.ToString())), await File.ReadAllBytesAsync(target));
        await Wal.WalServer.UntilAsync(() => Task.FromResult(File.Exists(next)), "the next one is ready before it is asked for");
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(scenario.Archive.Files, segment.Next.ToString())), await File.ReadAllBytesAsync(next));
        serving.Taken(segment.Next.ToString());
        Assert.False(File.Exists(next));
        Assert.Equal(0, await WalSocketClient.FetchAsync(socket, segment.Next.ToString(), target, said.Add));
        Assert.Equal(1, await WalSocketClient.FetchAsync(socket, end.ToString(), target, said.Add));
        Assert.Equal(1, await WalSocketClient.FetchAsync(socket, "00000002.history", target, said.Add));
        Assert.Empty(said);
        File.Delete(Path.Combine(scenario.Archive.Files, segment.ToString()));
        Assert.Equal(255, await WalSocketClient.FetchAsync(socket, segment.ToString(), target, said.Add));
        Assert.Contains(segment.ToString(), serving.Failure, StringComparison.Ordinal);
        Assert.Equal(255, await WalSocketClient.FetchAsync(socket, "../etc/passwd", target, said.Add));
        Assert.Equal(255, await WalSocketClient.FetchAsync(socket + ".gone", segment.ToString(), target, said.Add));
        Assert.Equal(3, said.Count);

        Task<WalLookup> LookAsync(WalFileName name, CancellationToken cancellationToken)
        {
            var path = Path.Combine(scenario.Archive.Files, name.Text);
            return Task.FromResult<WalLookup>(
                File.Exists(path) ? new WalLookup.Found(File.OpenRead(path))
                : name.Segment is { } asked && asked.Number < end.Number ? new WalLookup.Hole()
                : new WalLookup.NotThere());
        }
    }

    private static DatabaseName Name(string text) => DatabaseName.Parse(text);

    private async Task FillAsync(string database)
    {
        await server.ExecuteAsync("CREATE ROLE tenant LOGIN PASSWORD 'x'; CREATE ROLE keeper LOGIN PASSWORD 'x'");
        await server.ExecuteAsync($"CREATE DATABASE {database} OWNER tenant");
        await server.ExecuteAsync(
            """
            SET ROLE tenant; CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('sad', 'glad');
            CREATE TABLE app.notes (id int PRIMARY KEY, mood app.mood, twice int GENERATED ALWAYS AS (id * 2) STORED, words text);
            INSERT INTO app.notes (id, mood, words) SELECT i, 'glad', repeat('w', i % 50) FROM generate_series(1, 20000) i;
            SELECT lo_from_bytea(0, '\xdeadbeef'); CREATE UNLOGGED TABLE app.fleeting (i int)
            """,
            database);
    }

    private static string[] Processes(string data) =>
        [.. Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0]) && WorksIn(p, data))];

    private static bool WorksIn(string process, string data)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName == data;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
