namespace Capyd.SystemTests.Status;

[Collection(nameof(EmbeddedDaemon))]
public sealed class StatusTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task The_status_is_public_and_operational()
    {
        using var nobody = new ApiClient(embedded.Daemon.Address, null);
        var status = (await nobody.GetAsync("/status")).Expect(200).Json;
        Assert.Equal("capydb-controlplane", status.Text("service"));
        Assert.Equal("operational", status.Text("status"));
        Assert.All(status.Objects("components"), component => Assert.Equal("operational", component.Text("status")));
        Assert.True(status["generated_at"]!.GetValue<DateTimeOffset>() > DateTimeOffset.UnixEpoch);
        (await nobody.GetAsync("/healthz")).Expect(200);
        (await nobody.GetAsync("/readyz")).Expect(200);
        (await nobody.GetAsync("/v1/openapi.json")).Expect(200);
    }

    [SystemFact]
    public async Task Regions_and_versions_have_both_forms_that_clients_read()
    {
        var regions = (await Api.GetAsync("/v1/regions")).Expect(200).Json;
        Assert.Equal("local", regions["regions"]![0]!.GetValue<string>());
        Assert.Equal("local", regions["region_details"]![0]!.Text("id"));
        var version = (await Api.GetAsync("/v1/postgres-versions")).Expect(200).Json.Objects("versions").Single();
        Assert.Equal(Path.GetFileName(Path.GetDirectoryName(Machine.PostgresBin)), version.Text("version"));
        Assert.True(version["default"]!.GetValue<bool>());
    }

    [SystemTheory]
    [InlineData("/v1/projects/prj_aaaaaaaaaaaaaaaaaaaa/kv", "kv store not found")]
    [InlineData("/v1/kv", "K/V")]
    [InlineData("/v1/ephemeral-databases/x", "ephemeral")]
    [InlineData("/v1/nothing-here", "no such endpoint")]
    public async Task What_this_server_does_not_have_is_a_404_that_says_so(string path, string words) =>
        (await Api.GetAsync(path)).Refused(404, words);

    [SystemFact]
    public async Task Each_answer_has_its_own_request_id_and_each_refusal_the_same_form()
    {
        var first = (await Api.GetAsync("/v1/projects/nonsense")).Refused(404, "project not found");
        var second = (await Api.GetAsync("/v1/me")).Expect(200);
        Assert.NotEqual(first.Headers["X-Request-Id"], second.Headers["X-Request-Id"]);
        Assert.Equal("not_found", first.Json.Text("code"));
        Assert.StartsWith("application/json", first.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("method_not_allowed", (await Api.PutAsync("/v1/projects", new JsonObject())).Expect(405).Json.Text("code"));
    }
}
