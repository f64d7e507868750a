namespace Capyd.SystemTests.Importing;

/// <summary>What is refused before anything is connected to or changed (contract C.3, D.7).</summary>
[Collection(nameof(EmbeddedDaemon))]
public sealed class RefusedSourceTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemTheory]
    [InlineData("postgres://u:s3cr3t@127.0.0.1/d")]
    [InlineData("postgres://u:s3cr3t@localhost/d")]
    [InlineData("postgres://u:s3cr3t@LOCALHOST./d")]
    [InlineData("postgres://u:s3cr3t@db.internal/d")]
    [InlineData("postgres://u:s3cr3t@nas.local/d")]
    [InlineData("postgres://u:s3cr3t@10.1.2.3/d")]
    [InlineData("postgres://u:s3cr3t@192.168.0.1:5433/d")]
    [InlineData("postgres://u:s3cr3t@172.31.255.255/d")]
    [InlineData("postgres://u:s3cr3t@100.64.0.1/d")]
    [InlineData("postgres://u:s3cr3t@169.254.169.254/d")]
    [InlineData("postgres://u:s3cr3t@0.0.0.0/d")]
    [InlineData("postgres://u:s3cr3t@2130706433/d")]
    [InlineData("postgres://u:s3cr3t@0x7f.1/d")]
    [InlineData("postgres://u:s3cr3t@[::1]/d")]
    [InlineData("postgres://u:s3cr3t@[::ffff:127.0.0.1]/d")]
    [InlineData("postgres://u:s3cr3t@[fd00::1]/d")]
    [InlineData("postgres://u:s3cr3t@[2002:7f00:1::]/d")]
    [InlineData("postgres://u:s3cr3t@[64:ff9b::7f00:1]/d")]
    [InlineData("postgres://u:s3cr3t@%2Fvar%2Frun%2Fpostgresql/d")]
    [InlineData("postgres://u:s3cr3t@/d?host=/var/run/postgresql")]
    public async Task A_host_of_an_inner_network_is_not_allowed(string url)
    {
        var project = await SharedAsync();
        foreach (var path in new[] { "imports", "imports/preflight" })
        {
            var reply = (await Api.PostAsync($"/v1/projects/{project}/{path}", new JsonObject { ["source_url"] = url })).Refused(400, "host is not allowed");
            Assert.DoesNotContain("s3cr3t", reply.Text, StringComparison.Ordinal);
        }

        Assert.Equal("ready", (await Api.ProjectAsync(project)).Text("state"));
    }

    [SystemTheory]
    [InlineData("""{}""", 400, "exactly one")]
    [InlineData("""{"source_url":"","upload_key":""}""", 400, "exactly one")]
    [InlineData("""{"source_url":"postgres://u:p@db.example.com/d","upload_key":"uploads/upl_aaaaaaaaaaaaaaaaaaaa"}""", 400, "exactly one")]
    [InlineData("""{"source_url":"mysql://u:p@db.example.com/d"}""", 400, "no PostgreSQL URL")]
    [InlineData("""{"source_url":"postgres://u:p@ep-x-pooler.eu.aws.neon.tech/d"}""", 400, "pooler")]
    [InlineData("""{"source_url":"postgres://u:p@db.abc.supabase.co:6543/d"}""", 400, "pooler")]
    [InlineData("""{"source_url":"postgres://u:p@db.example.com/d?passfile=/root/x"}""", 400, "passfile")]
    [InlineData("""{"source_url":"postgres://u:p@no-such-host.invalid/d"}""", 400, "no address")]
    [InlineData("""{"source_url":7}""", 400, "source_url")]
    [InlineData("""{"upload_key":"../../../etc/passwd"}""", 404, "upload not found")]
    [InlineData("""{"upload_key":"uploads/upl_aaaaaaaaaaaaaaaaaaaa"}""", 404, "upload not found")]
    public async Task A_request_that_makes_no_sense_is_refused_with_its_reason(string body, int status, string words)
    {
        var project = await SharedAsync();
        (await Api.PostAsync($"/v1/projects/{project}/imports", JsonNode.Parse(body))).Refused(status, words);
        Assert.Equal("ready", (await Api.ProjectAsync(project)).Text("state"));
    }

    [SystemFact]
    public async Task Without_a_body_there_is_nothing_to_import_from()
    {
        var project = await SharedAsync();
        (await Api.PostAsync($"/v1/projects/{project}/imports")).Refused(400, "exactly one");
        (await Api.PostAsync($"/v1/projects/{project}/imports/preflight")).Refused(400, "source_url");
    }

    [SystemFact]
    public async Task A_slot_that_nothing_was_uploaded_to_is_no_source()
    {
        var project = await SharedAsync();
        var slot = await Api.NewSlotAsync(project);
        (await Api.PostAsync($"/v1/projects/{project}/imports", new JsonObject { ["upload_key"] = slot.Text("object_key") })).Refused(409, "nothing was uploaded");
        (await UploadCalls.PutAsync(slot.Text("upload_url"), [1])).Expect(200);
        var other = await Api.NewProjectAsync("Other importer");
        (await Api.PostAsync($"/v1/projects/{other}/imports", new JsonObject { ["upload_key"] = slot.Text("object_key") })).Refused(404, "upload not found");
    }

    [SystemFact]
    public async Task Imports_need_a_ready_project_that_is_there_and_the_right_to_write()
    {
        var body = new JsonObject { ["source_url"] = "postgres://u:p@db.example.com/d" };
        (await Api.PostAsync("/v1/projects/prj_aaaaaaaaaaaaaaaaaaaa/imports", body)).Refused(404, "project not found");
        var accepted = (await Api.PostAsync("/v1/projects", new JsonObject { ["name"] = "Not yet ready" })).Expect(201);
        var project = accepted["project"].Text("id");
        await Api.CompletedAsync(accepted.JobId);
        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET state = 'failed' WHERE id = '{project}'");
        foreach (var path in new[] { "imports", "imports/preflight" })
        {
            (await Api.PostAsync($"/v1/projects/{project}/{path}", body)).Refused(409, "project must be ready");
        }

        using var reader = await embedded.Daemon.ClientAsync("projects:read");
        (await reader.PostAsync($"/v1/projects/{project}/imports", body)).Refused(403, "projects:write");
    }

    [SystemTheory]
    [InlineData("")]
    [InlineData("/status")]
    [InlineData("/cutover")]
    [InlineData("/abort")]
    public async Task Following_a_source_is_a_feature_that_is_not_there(string step)
    {
        var reply = await Api.PostAsync($"/v1/projects/{await SharedAsync()}/imports/follow{step}", new JsonObject { ["confirm"] = true });
        Assert.Equal("feature_absent", reply.Refused(404, "does not follow").Json.Text("code"));
    }

    private async Task<string> SharedAsync() =>
        (await Api.GetAsync("/v1/projects")).Json.Objects("projects").FirstOrDefault(project => project.Text("name") == "Importer")?.Text("id")
        ?? await Api.NewProjectAsync("Importer");
}
