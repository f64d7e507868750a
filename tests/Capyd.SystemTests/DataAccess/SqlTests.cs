namespace Capyd.SystemTests.DataAccess;

/// <summary>Contract D.10.</summary>
[Collection(nameof(EmbeddedDaemon))]
public sealed class SqlTests(EmbeddedDaemon embedded) : IAsyncLifetime
{
    private string _project = "";

    private ApiClient Api => embedded.Api;

    public async Task InitializeAsync()
    {
        if (!Machine.Skips)
        {
            _project = await Api.NewProjectAsync("Sql");
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private Task<Reply> RunAsync(string query, params (string Name, JsonNode Value)[] more)
    {
        var body = new JsonObject { ["query"] = query };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return Api.PostAsync($"/v1/projects/{_project}/sql", body);
    }

    [SystemFact]
    public async Task A_query_gives_columns_rows_and_what_it_took()
    {
        (await RunAsync("CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 300) n")).Expect(200);
        var result = (await RunAsync("SELECT id, name FROM t ORDER BY id /*source='capydb-mcp'*/")).Expect(200)["result"];
        Assert.Equal("""["id","name"]""", result["columns"]!.ToJsonString());
        Assert.Equal("""{"id":1,"name":"row 1"}""", result["rows"]![0]!.ToJsonString());
        Assert.Equal(200, result.Number("row_count"));
        Assert.True(result["truncated"]!.GetValue<bool>());
        Assert.True(result.Number("duration_ms") >= 0);
        var whole = (await RunAsync("SELECT id FROM t", ("max_rows", 1000))).Expect(200)["result"];
        Assert.Equal((300, false), (whole.Number("row_count"), whole["truncated"]!.GetValue<bool>()));
        var none = (await RunAsync("UPDATE t SET name = 'x' WHERE id <= 7")).Expect(200)["result"];
        Assert.Equal(("[]", "[]", 7), (none["columns"]!.ToJsonString(), none["rows"]!.ToJsonString(), none.Number("row_count")));
    }

    [SystemFact]
    public async Task Writes_to_every_row_want_to_be_meant()
    {
        (await RunAsync("CREATE TABLE w (a int); INSERT INTO w VALUES (1), (2)")).Expect(200);
        (await RunAsync("DELETE FROM w")).Refused(400, "DELETE without WHERE");
        (await RunAsync("SELECT 1; UPDATE w SET a = 0")).Refused(400, "UPDATE without WHERE");
        (await RunAsync("WITH d AS (DELETE FROM w RETURNING *) SELECT * FROM d")).Refused(400, "DELETE without WHERE");
        (await RunAsync("TRUNCATE w")).Refused(400, "TRUNCATE");
        (await RunAsync("DELETE FROM w", ("read_only", true), ("allow_unqualified_writes", true))).Refused(400, "SQLSTATE 25006");
        Assert.Equal(2, (await RunAsync("DELETE FROM w", ("allow_unqualified_writes", true))).Expect(200)["result"].Number("row_count"));
    }

    [SystemFact]
    public async Task What_the_runner_does_not_take_is_refused_by_name()
    {
        (await RunAsync("")).Refused(400, "query: is empty");
        (await RunAsync(" -- nothing")).Refused(400, "query: is empty");
        (await Api.PostAsync($"/v1/projects/{_project}/sql")).Refused(400, "query: is empty");
        (await RunAsync(new string(' ', 20_001))).Refused(400, "query: 20001 characters");
        (await RunAsync("SELECT 1", ("max_rows", 1001))).Refused(400, "max_rows: wants 1 to 1000");
        (await RunAsync("SELECT 1", ("max_rows", -1))).Refused(400, "max_rows");
        (await RunAsync("SELECT 1", ("max_rows", "many"))).Refused(400, "max_rows");
        (await RunAsync("SELECT 'a\0b'")).Refused(400, "NUL");
        (await RunAsync("COPY t FROM STDIN")).Refused(400, "COPY");
        (await RunAsync("COPY (SELECT 1) TO STDOUT")).Refused(400, "COPY");
        (await RunAsync("BEGIN; SELECT 1")).Refused(400, "does not end it");
        (await RunAsync("COMMIT; SELECT 1", ("read_only", true))).Refused(400, "read_only");
        var error = (await RunAsync("SELECT * FROM not_there")).Refused(400, "relation \"not_there\" does not exist (SQLSTATE 42P01)");
        Assert.Equal("sql_failed", error.Json.Text("code"));
        (await Api.PostAsync("/v1/projects/prj_aaaaaaaaaaaaaaaaaaaa/sql", new JsonObject { ["query"] = "SELECT 1" })).Refused(404, "project not found");
        (await Api.PostAsync("/v1/preview-databases/pvw_aaaaaaaaaaaaaaaaaaaa/sql", new JsonObject { ["query"] = "SELECT 1" })).Refused(404, "preview not found");
        using var reader = await embedded.Daemon.ClientAsync("projects:read");
        (await reader.PostAsync($"/v1/projects/{_project}/sql", new JsonObject { ["query"] = "SELECT 1" })).Refused(403, "projects:write");
    }

    [SystemFact]
    public async Task Hostile_statements_get_no_further_than_the_tenant()
    {
        var other = await Api.NewProjectAsync("Neighbour");
        var neighbour = (await Api.ProjectAsync(other)).Text("database_name");
        foreach (var sql in new[]
        {
            "RESET ROLE; SELECT pg_read_file('/etc/passwd')", "SET SESSION AUTHORIZATION capyd", "RESET SESSION AUTHORIZATION; CREATE ROLE evil SUPERUSER",
            "COPY (SELECT 1) TO PROGRAM 'id'", "\\! id", "\\c " + neighbour, $"ALTER DATABASE {neighbour} RENAME TO mine", $"DROP DATABASE {neighbour}",
            "SELECT lo_export(1, '/tmp/x')", "LOAD '/tmp/evil.so'", "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()",
        })
        {
            (await RunAsync(sql)).Refused(400, "SQLSTATE");
        }

        var who = (await RunAsync("SELECT session_user::text AS s, current_user::text AS c, current_setting('is_superuser') AS super")).Expect(200)["result"]["rows"]![0]!;
        var role = (await Api.ProjectAsync(_project)).Text("role_name");
        Assert.Equal((role, role, "off"), (who.Text("s"), who.Text("c"), who.Text("super")));
        Assert.Equal("[]", (await RunAsync($"SELECT query FROM pg_stat_activity WHERE datname = '{neighbour}' AND query <> '<insufficient privilege>'")).Expect(200)["result"]["rows"]!.ToJsonString());
    }

    [SystemFact]
    public async Task Ten_million_rows_and_a_huge_value_leave_the_daemon_small()
    {
        var before = embedded.Daemon.ResidentMegabytes;
        for (var i = 0; i < 2; i++)
        {
            Assert.True((await RunAsync("SELECT n, repeat('x', 100) AS pad FROM generate_series(1, 10000000) n", ("max_rows", 1000))).Expect(200)["result"]["truncated"]!.GetValue<bool>());
            Assert.True((await RunAsync("SELECT repeat('y', 200000000)")).Expect(200)["result"]["truncated"]!.GetValue<bool>());
            (await RunAsync("DO $$ BEGIN RAISE EXCEPTION '%', repeat('e', 200000000); END $$")).Refused(400, "too long to be shown");
            Assert.True((await RunAsync("SELECT repeat('z', 200000) FROM generate_series(1, 100000)", ("max_rows", 1000))).Expect(200)["result"]["truncated"]!.GetValue<bool>());
        }

        Assert.InRange(embedded.Daemon.ResidentMegabytes - before, -1000, 120);
    }

    [SystemFact]
    public async Task Queries_without_end_are_ended_and_others_wait_their_turn()
    {
        var sleepers = Enumerable.Range(0, 4).Select(_ => RunAsync("DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$")).ToList();
        var database = (await Api.ProjectAsync(_project)).Text("database_name");
        await Until.TrueAsync("four run", async () => await embedded.Superuser.OneAsync("postgres", $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND state = 'active'") == "4");
        (await RunAsync("SELECT 1")).Refused(429, "4 queries of this project");
        foreach (var sleeper in sleepers)
        {
            (await sleeper).Refused(400, "SQLSTATE 57014");
        }

        await Until.TrueAsync("nobody is left", async () => await embedded.Superuser.OneAsync("postgres", $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'") == "0");
        (await RunAsync("SELECT 1")).Expect(200);
    }

    [SystemFact]
    public async Task Each_query_is_in_the_audit_log_without_its_values()
    {
        (await RunAsync("SELECT 'hush-hush' AS a, 4711 AS b")).Expect(200);
        (await RunAsync("SELECT 'other' AS a, 1 AS b")).Expect(200);
        var reply = (await Api.GetAsync($"/v1/projects/{_project}/audit-events?limit=2")).Expect(200);
        var events = reply.Json.Objects("audit_events");
        Assert.Equal(2, events.Count);
        Assert.All(events, item => Assert.Equal(("project.sql_executed", "api_key"), (item.Text("action"), item.Text("actor_kind"))));
        Assert.Equal(events[0]["metadata"]!.Text("digest"), events[1]["metadata"]!.Text("digest"));
        Assert.Equal("SELECT", events[0]["metadata"]!.Text("name"));
        Assert.DoesNotContain("hush", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", embedded.Daemon.Log, StringComparison.Ordinal);
    }
}
