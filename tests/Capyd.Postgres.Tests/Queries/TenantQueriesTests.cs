using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Queries;

namespace Capyd.Postgres.Tests.Queries;

[Collection(nameof(TemporaryCluster))]
public sealed class TenantQueriesTests(TemporaryCluster server) : IAsyncLifetime
{
    private static int _counter;
    private readonly string _name = $"query_{Interlocked.Increment(ref _counter)}";
    private readonly Password _password = Password.Random();

    public async Task InitializeAsync()
    {
        var role = RoleName.Parse(_name);
        await new RoleAdmin(server.Cluster).EnsureAsync(new RoleSpec(role, _password, 5, "test"), CancellationToken.None);
        await new DatabaseAdmin(server.Cluster).ProvisionAsync(
            new DatabaseSpec(DatabaseName.Parse(_name), role, null, new Dictionary<string, string> { ["statement_timeout"] = "0" }, Marker: "test"), CancellationToken.None);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private Task<QueryResult> RunAsync(string sql, int rows = 200, bool readOnly = false, double seconds = 15)
    {
        var script = SqlScript.Split(sql);
        var query = new TenantQuery(
            DatabaseName.Parse(_name), RoleName.Parse(_name), _password, [.. script.Select(statement => statement.Text)], rows, readOnly,
            script.Any(SqlTransactions.Opens)) { TimeLimit = TimeSpan.FromSeconds(seconds) };
        return new TenantQueries(server.Cluster).RunAsync(query, CancellationToken.None);
    }

    private async Task<string> RefusalAsync(string sql, bool readOnly = false, double seconds = 15) =>
        (await Assert.ThrowsAsync<QueryRefusedException>(() => RunAsync(sql, readOnly: readOnly, seconds: seconds))).SqlState;

    private async Task<long> SessionsAsync() =>
        await server.ScalarAsync<long>(null, $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{_name}'");

    private static JsonObject Row(QueryResult result, int index = 0) => JsonNode.Parse(result.Rows[index].Span)!.AsObject();

    [Fact]
    public async Task Values_come_as_they_are()
    {
        var row = Row(await RunAsync("""
            SELECT 1::int2 i2, 2147483647 i4, 9007199254740992 i8, 9007199254740993 big, true b, NULL::text n, 1.50::numeric d,
                   12345678901234567890.5::numeric long, 'NaN'::numeric nan, 'Infinity'::float8 inf, 0.1::float8 f, 1e300::float8 e,
                   '{"a": [1, "ä\u00e4"]}'::jsonb j, '"\ud83d\ude00"'::json emoji, '\x00ff'::bytea x, 'Ü"\' t, '{1,2}'::int[] a,
                   '2026-11-21 06:00:00+00'::timestamptz at, interval '1 day' span, ROW(1, 'x') r, 'a'::"char" c, '1 2'::tsvector v
            """));
        Assert.Equal(
            """{"i2":1,"i4":2147483647,"i8":9007199254740992,"big":"9007199254740993","b":true,"n":null,"d":1.50,"long":"12345678901234567890.5","nan":"NaN","inf":"Infinity","f":0.1,"e":1e+300,"j":{"a": [1, "ää"]},"emoji":"\ud83d\ude00","x":"\\x00ff","t":"Ü\"\\","a":"{1,2}","at":"2026-11-21 06:00:00+00","span":"1 day","r":"(1,x)","c":"a","v":"'1' '2'"}""",
            await TextAsync("""
            SELECT 1::int2 i2, 2147483647 i4, 9007199254740992 i8, 9007199254740993 big, true b, NULL::text n, 1.50::numeric d,
                   12345678901234567890.5::numeric long, 'NaN'::numeric nan, 'Infinity'::float8 inf, 0.1::float8 f, 1e300::float8 e,
                   '{"a": [1, "ä\u00e4"]}'::jsonb j, '"\ud83d\ude00"'::json emoji, '\x00ff'::bytea x, 'Ü"\' t, '{1,2}'::int[] a,
                   '2026-11-21 06:00:00+00'::timestamptz at, interval '1 day' span, ROW(1, 'x') r, 'a'::"char" c, '1 2'::tsvector v
            """));
        Assert.Equal(22, row.Count);
    }

    private async Task<string> TextAsync(string sql) => Encoding.UTF8.GetString((await RunAsync(sql)).Rows[0].Span).Replace("+00:00", "+00", StringComparison.Ordinal);

    [Fact]
    public async Task Columns_of_one_name_are_numbered()
    {
        var result = await RunAsync("SELECT 1 AS id, 2 AS id, 3 AS id_2, 4 AS id");
        Assert.Equal(["id", "id_2", "id_2_2", "id_3"], result.Columns);
        Assert.Equal(4, Row(result).Count);
    }

    [Fact]
    public async Task Several_statements_are_one_transaction_and_the_last_gives_the_result()
    {
        Assert.Equal(2, (await RunAsync("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)")).RowCount);
        Assert.Equal("22012", await RefusalAsync("INSERT INTO t VALUES (3); SELECT 1/0"));
        var result = await RunAsync("SELECT 'first'; SELECT count(*) AS n FROM t");
        Assert.Equal(2, Row(result)["n"]!.GetValue<int>());
        Assert.Equal("25001", await RefusalAsync("VACUUM; SELECT 1"));
        await RunAsync("VACUUM");
        await RunAsync("BEGIN; DELETE FROM t; ROLLBACK; SELECT 1");
        Assert.Equal(2, Row(await RunAsync("SELECT count(*) AS n FROM t"))["n"]!.GetValue<int>());
        await WaitUntilNobodyAsync();
    }

    [Fact]
    public async Task A_read_only_query_cannot_be_made_to_write()
    {
        await RunAsync("CREATE TABLE w (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'INSERT INTO w VALUES (1) RETURNING a'; CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN COMMIT; INSERT INTO w VALUES (1); END'");
        Assert.Equal("25006", await RefusalAsync("INSERT INTO w VALUES (1)", readOnly: true));
        Assert.Equal("25006", await RefusalAsync("SELECT f()", readOnly: true));
        Assert.Equal("25001", await RefusalAsync("SET TRANSACTION READ WRITE; INSERT INTO w VALUES (1)", readOnly: true));
        Assert.Equal("25001", await RefusalAsync("SET transaction_read_only = off; INSERT INTO w VALUES (1)", readOnly: true));
        Assert.Equal("25001", await RefusalAsync("SELECT set_config('transaction_read_only', 'off', false); INSERT INTO w VALUES (1)", readOnly: true));
        Assert.Equal("2D000", await RefusalAsync("CALL p()", readOnly: true));
        Assert.Equal("2D000", await RefusalAsync("DO $$ BEGIN COMMIT; END $$", readOnly: true));
        Assert.Empty((await RunAsync("SELECT * FROM w", readOnly: true)).Rows);
    }

    [Fact]
    public async Task A_long_result_is_cut_and_what_was_changed_stays_changed()
    {
        var clock = Stopwatch.StartNew();
        var endless = await RunAsync("SELECT generate_series(1, 10000000000)");
        Assert.True(endless.Truncated);
        Assert.Equal(200, endless.Rows.Count);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"took {clock.Elapsed}");

        await RunAsync("CREATE TABLE big (n int)");
        var inserted = await RunAsync("INSERT INTO big SELECT * FROM generate_series(1, 2000000) RETURNING n", rows: 3);
        Assert.True(inserted.Truncated);
        Assert.Equal(3, inserted.Rows.Count);
        Assert.Equal(2_000_000, Row(await RunAsync("SELECT count(*) n FROM big"))["n"]!.GetValue<int>());
        Assert.False((await RunAsync("SELECT * FROM big ORDER BY n LIMIT 3", rows: 3)).Truncated);
        await WaitUntilNobodyAsync();
    }

    [Fact]
    public async Task Huge_values_and_rows_cost_no_memory()
    {
        var before = Process.GetCurrentProcess().PeakWorkingSet64;
        var one = await RunAsync("SELECT repeat('x', 300000000) AS v, 7 AS after", seconds: 120);
        Assert.True(one.Truncated);
        Assert.EndsWith("the value is longer)", Row(one)["v"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(7, Row(one)["after"]!.GetValue<int>());
        Assert.True((await RunAsync("SELECT repeat('ä', 200000) AS v FROM generate_series(1, 1000)", seconds: 120)).Truncated);
        var many = string.Join(',', Enumerable.Range(0, 300).Select(n => $"repeat('x', 250000) AS c{n}"));
        Assert.Empty((await RunAsync($"SELECT {many}", seconds: 120)).Rows);
        Assert.True(Process.GetCurrentProcess().PeakWorkingSet64 - before < 150_000_000);
    }

    [Fact]
    public async Task Errors_and_notices_of_any_length_cost_no_memory()
    {
        var before = Process.GetCurrentProcess().PeakWorkingSet64;
        Assert.Equal("54000", await RefusalAsync("DO $$ BEGIN RAISE EXCEPTION '%', repeat('x', 300000000); END $$", seconds: 120));
        var result = await RunAsync("SET client_min_messages = debug; DO $$ BEGIN FOR i IN 1..5 LOOP RAISE WARNING '%', repeat('x', 100000000); RAISE NOTICE 'short'; END LOOP; END $$; SELECT 7 AS n", seconds: 120);
        Assert.Equal(7, Row(result)["n"]!.GetValue<int>());
        Assert.True(Process.GetCurrentProcess().PeakWorkingSet64 - before < 100_000_000);
    }

    [Fact]
    public async Task Time_is_limited_even_for_who_ignores_it()
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal("57014", await RefusalAsync("SELECT pg_sleep(100)", seconds: 1));
        Assert.Equal("57014", await RefusalAsync("SET statement_timeout = 0; SELECT pg_sleep(100)", seconds: 1));
        Assert.Equal("57014", await RefusalAsync("""
            SET statement_timeout = 0;
            DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(10); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$
            """, seconds: 1));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
        await WaitUntilNobodyAsync();
    }

    [Theory]
    [InlineData("RESET ROLE; SELECT pg_read_file('/etc/passwd')", "42501")]
    [InlineData("SET SESSION AUTHORIZATION capyd", "42501")]
    [InlineData("SET ROLE capyd", "42501")]
    [InlineData("COPY (SELECT 1) TO PROGRAM 'id'", "42501")]
    [InlineData("COPY pg_class TO '/tmp/x'", "42501")]
    [InlineData("CREATE ROLE x SUPERUSER", "42501")]
    [InlineData("SELECT lo_import('/etc/passwd')", "42501")]
    [InlineData("\\! id", "42601")]
    [InlineData("SELECT $1", "08P01")]
    [InlineData("SELECT 1 SELECT 2", "42601")]
    [InlineData("SELECT 'open", "42601")]
    [InlineData("SELECT pg_terminate_backend(pg_backend_pid())", "57P01")]
    public async Task What_the_tenant_may_not_the_runner_may_not(string sql, string state)
    {
        Assert.Equal(state, await RefusalAsync(sql));
        Assert.Equal(_name, Row(await RunAsync("SELECT current_user::text AS u"))["u"]!.GetValue<string>());
    }

    [Fact]
    public async Task Deep_nesting_is_the_servers_to_judge() =>
        Assert.Single((await RunAsync("SELECT " + new string('(', 9900) + "1" + new string(')', 9900))).Rows);

    private async Task WaitUntilNobodyAsync()
    {
        for (var round = 0; await SessionsAsync() > 0; round++)
        {
            Assert.True(round < 100, "sessions were left behind");
            await Task.Delay(50);
        }
    }
}
