namespace Capyd.SystemTests.Client;

/// <summary>What the commands send for endpoints of the contract, whatever serves them.</summary>
public sealed class ContractTests : IDisposable
{
    private const string Job = """{"job":{"id":"job_1","type":"x","state":"completed"},"preview":{"id":"pvw_1","name":"look","ttl_expires_at":"2026-01-02T03:04:05Z"}}""";
    private readonly ContractServer _server = new ContractServer()
        .Answers("GET /v1/projects", """{"projects":[{"id":"prj_1","slug":"shop","name":"Shop"},{"id":"prj_2","slug":"b","name":"Two"},{"id":"prj_3","slug":"c","name":"Two"}]}""")
        .Answers("GET /v1/projects/prj_1/preview-databases", """{"preview_databases":[{"id":"pvw_1","name":"look"}]}""")
        .Answers("GET /v1/projects/prj_2/preview-databases", """{"preview_databases":[{"id":"pvw_2","name":"look"}]}""")
        .Answers("GET /v1/projects/prj_3/preview-databases", """{"preview_databases":[]}""")
        .Answers("GET /v1/jobs/job_1/events", "event: job\ndata: " + Job + "\n\n");

    public void Dispose() => _server.Dispose();

    [SystemFact]
    public async Task Previews_are_made_reset_extended_and_deleted()
    {
        _server.Answers("POST /v1/projects/prj_1/preview-databases", Job, 201).Answers("POST /v1/preview-databases/pvw_1/reset", Job, 202)
            .Answers("POST /v1/preview-databases/pvw_1/extend", Job).Answers("DELETE /v1/preview-databases/pvw_1", Job, 202);
        (await _server.CommandAsync("previews", "create", "shop", "--name", "look", "--mode", "empty", "--ttl-hours", "5")).Good();
        (await _server.CommandAsync("previews", "reset", "pvw_1")).Good();
        Assert.Equal("until 2026-01-02 03:04:05 UTC", (await _server.CommandAsync("previews", "extend", "look", "--project", "shop", "--ttl-hours", "7")).Good());
        (await _server.CommandAsync("previews", "delete", "look", "--project", "shop")).Good();
        Assert.Equal("""{"name":"look","mode":"empty","ttl_hours":5}""", BodyOf("POST /v1/projects/prj_1/preview-databases"));
        Assert.Equal("""{"ttl_hours":7}""", BodyOf("POST /v1/preview-databases/pvw_1/extend"));
        Assert.Equal("", BodyOf("POST /v1/preview-databases/pvw_1/reset"));
    }

    [SystemFact]
    public async Task A_name_that_two_have_is_not_guessed()
    {
        var preview = await _server.CommandAsync("previews", "delete", "look");
        Assert.Equal(2, preview.ExitCode);
        Assert.Contains("pvw_1, pvw_2", preview.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await _server.CommandAsync("projects", "show", "Two")).ExitCode);
    }

    [SystemFact]
    public async Task An_import_takes_the_source_from_the_environment_or_uploads_a_file()
    {
        _server.Answers("POST /v1/projects/prj_1/imports/preflight", """{"preflight":{"ok":false,"checks":[{"name":"connectivity","status":"fail","detail":"no"}]}}""")
            .Answers("POST /v1/projects/prj_1/imports", Job, 202).Answers("PUT /put/here?token=t", "")
            .Answers("POST /v1/projects/prj_1/imports/uploads", $$$"""{"upload":{"object_key":"uploads/1","upload_url":"{{{_server.Address}}}put/here?token=t","expires_at":"2026-01-01T00:00:00Z"}}""");
        var source = new Dictionary<string, string> { ["CAPYD_SOURCE_URL"] = "postgresql://u:p@db.example.org/x" };
        var preflight = await _server.CommandAsync(source, "import", "shop", "--preflight");
        Assert.Equal(1, preflight.ExitCode);
        Assert.Contains("connectivity", preflight.Output, StringComparison.Ordinal);
        (await _server.CommandAsync(source, "import", "shop", "--confirm")).Good();
        Assert.Equal("""{"source_url":"postgresql://u:p@db.example.org/x","confirm":true}""", BodyOf("POST /v1/projects/prj_1/imports"));

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "PGDMP");
        (await _server.CommandAsync("import", "shop", "--file", file, "--recreate")).Good();
        File.Delete(file);
        Assert.Equal("PGDMP", BodyOf("PUT /put/here?token=t"));
        Assert.Null(_server.Calls.Single(call => call.Call.StartsWith("PUT", StringComparison.Ordinal)).Authorization);
        Assert.Equal("""{"upload_key":"uploads/1","recreate":true}""", BodyOf("POST /v1/projects/prj_1/imports"));
        Assert.Equal(2, (await _server.CommandAsync("import", "shop")).ExitCode);
    }

    [SystemFact]
    public async Task A_restore_to_an_instant_says_where_it_lands()
    {
        _server.Answers("POST /v1/projects/prj_1/restores", """{"job":{"id":"job_1"},"pitr":{"restore_time":"2026-01-01T00:00:00Z"}}""", 202);
        var restore = await _server.CommandAsync("restore", "shop", "--at", "2026-01-01T00:00:00Z");
        Assert.Contains("restoring to 2026-01-01T00:00:00Z", restore.Errors, StringComparison.Ordinal);
        Assert.Equal("""{"restore_time":"2026-01-01T00:00:00\u002B00:00","target_kind":"new_preview"}""".Replace("\\u002B", "+", StringComparison.Ordinal), BodyOf("POST /v1/projects/prj_1/restores"));
    }

    [SystemTheory]
    [InlineData(400, 1)]
    [InlineData(401, 3)]
    [InlineData(403, 3)]
    [InlineData(404, 4)]
    [InlineData(410, 4)]
    [InlineData(409, 5)]
    [InlineData(412, 5)]
    [InlineData(428, 5)]
    [InlineData(504, 6)]
    [InlineData(503, 1)]
    public async Task The_exit_code_follows_the_status(int status, int code)
    {
        _server.Answers("GET /v1/projects", """{"error":"because of that","hint":"do this"}""", status);
        var result = await _server.CommandAsync("projects", "list");
        Assert.Equal(code, result.ExitCode);
        Assert.Equal("capyd: because of that (do this)\n", result.Errors);
    }

    private string BodyOf(string call) => _server.Calls.Last(one => one.Call == call).Body;
}
