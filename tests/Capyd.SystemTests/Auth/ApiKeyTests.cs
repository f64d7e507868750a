namespace Capyd.SystemTests.Auth;

[Collection(nameof(EmbeddedDaemon))]
public sealed class ApiKeyTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task A_key_is_shown_once_lists_without_its_secret_and_is_revoked_at_once()
    {
        var keys = $"/v1/organizations/{await OrganizationAsync()}/api-keys";
        var created = (await Api.PostAsync(keys, new JsonObject { ["name"] = "ci", ["scopes"] = new JsonArray("projects:read", "jobs:read"), ["device_name"] = "runner" })).Expect(201);
        var plaintext = created.Json.Text("plaintext_api_key");
        Assert.StartsWith("capy_live_", plaintext, StringComparison.Ordinal);
        Assert.Equal(plaintext[..14], created["api_key"].Text("key_prefix"));
        var list = (await Api.GetAsync(keys)).Expect(200);
        Assert.DoesNotContain(plaintext, list.Text, StringComparison.Ordinal);
        var listed = list.Json.Objects("api_keys").Single(key => key.Text("id") == created["api_key"].Text("id"));
        Assert.Equal(["projects:read", "jobs:read"], listed["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));
        Assert.True(listed["is_active"]!.GetValue<bool>());

        using var client = new ApiClient(embedded.Daemon.Address, plaintext);
        (await client.GetAsync("/v1/projects")).Expect(200);
        Assert.Equal("""{"revoked":true}""", (await Api.DeleteAsync($"{keys}/{listed.Text("id")}")).Expect(200).Text);
        (await client.GetAsync("/v1/projects")).Refused(401, "credential");
        (await Api.DeleteAsync($"{keys}/key_aaaaaaaaaaaaaaaaaaaa")).Refused(404, "api key not found");
    }

    [SystemFact]
    public async Task A_key_revoked_on_the_host_is_refused_by_the_running_daemon_at_once()
    {
        using var client = await embedded.Daemon.ClientAsync();
        (await client.GetAsync("/v1/me")).Expect(200);
        var id = await embedded.Daemon.Metadata.OneAsync($"SELECT id FROM api_keys WHERE key_prefix = '{client.Key![..14]}'");
        (await embedded.Daemon.CommandAsync("keys", "revoke", id!)).Good();
        (await client.GetAsync("/v1/me")).Expect(401);
    }

    [SystemFact]
    public async Task An_expired_key_is_refused()
    {
        using var client = new ApiClient(embedded.Daemon.Address, await embedded.Daemon.NewKeyAsync(days: 1));
        (await client.GetAsync("/v1/me")).Expect(200);
        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE api_keys SET expires_at = 1 WHERE key_prefix = '{client.Key![..14]}'");
        (await client.GetAsync("/v1/me")).Expect(401);
    }

    [SystemFact]
    public async Task The_other_header_works_and_nothing_else_does()
    {
        using var nobody = new ApiClient(embedded.Daemon.Address, null);
        (await nobody.SendAsync(HttpMethod.Get, "/v1/me", null, ("X-API-Key", Api.Key!))).Expect(200);
        (await nobody.GetAsync("/v1/me")).Refused(401, "credential");
        (await nobody.GetAsync($"/v1/me?api_key={Api.Key}")).Expect(401);
        (await nobody.SendAsync(HttpMethod.Get, "/v1/me", null, ("Authorization", $"Basic {Api.Key}"))).Expect(401);
    }

    [SystemTheory]
    [InlineData("projects:read", "POST", "/v1/projects")]
    [InlineData("projects:read", "GET", "/v1/projects/PRJ/connections")]
    [InlineData("projects:write", "POST", "/v1/projects/PRJ/backups")]
    [InlineData("projects:write", "GET", "/v1/projects/PRJ/backups")]
    [InlineData("backups:read", "POST", "/v1/projects/PRJ/restores")]
    [InlineData("backups:write", "GET", "/v1/projects/PRJ/jobs")]
    [InlineData("jobs:read", "GET", "/v1/projects")]
    [InlineData("api_keys:read", "POST", "/v1/organizations/ORG/api-keys")]
    public async Task A_missing_scope_is_named(string scopes, string method, string path)
    {
        using var client = await embedded.Daemon.ClientAsync(scopes);
        var reply = await client.SendAsync(new HttpMethod(method), path.Replace("PRJ", "prj_aaaaaaaaaaaaaaaaaaaa", StringComparison.Ordinal).Replace("ORG", await OrganizationAsync(), StringComparison.Ordinal));
        reply.Refused(403, "lacks the scope");
    }

    [SystemFact]
    public async Task A_key_makes_no_key_that_may_do_more_than_itself()
    {
        using var client = await embedded.Daemon.ClientAsync("api_keys:write,projects:read");
        var keys = $"/v1/organizations/{await OrganizationAsync()}/api-keys";
        (await client.PostAsync(keys, new JsonObject { ["name"] = "more", ["scopes"] = new JsonArray("projects:write") })).Refused(403, "projects:write");
        (await client.PostAsync(keys, new JsonObject { ["name"] = "all", ["scopes"] = new JsonArray("*") })).Refused(403, "*");
        (await client.PostAsync(keys, new JsonObject { ["name"] = "less", ["scopes"] = new JsonArray("projects:read") })).Expect(201);
    }

    [SystemFact]
    public async Task A_project_key_sees_its_project_and_nothing_beside_it()
    {
        var mine = await Api.NewProjectAsync("Keyed");
        var other = await Api.NewProjectAsync("Unseen");
        var job = (await Api.PostAsync($"/v1/projects/{other}/backups")).Expect(202).JobId;
        using var client = await embedded.Daemon.ClientAsync("projects:read,projects:write,credentials:read,backups:read,backups:write,jobs:read", mine);

        Assert.Equal([mine], (await client.GetAsync("/v1/projects")).Expect(200).Json.Objects("projects").Select(project => project.Text("id")));
        (await client.GetAsync($"/v1/projects/{mine}/connections")).Expect(200);
        foreach (var path in new[] { "", "/connections", "/backups", "/scheduled-backups", "/jobs", "/preview-databases" })
        {
            (await client.GetAsync($"/v1/projects/{other}{path}")).Refused(404, "project not found");
        }

        (await client.PostAsync($"/v1/projects/{other}/backups")).Refused(404, "project not found");
        (await client.GetAsync($"/v1/jobs/{job}")).Refused(404, "job not found");
        (await client.GetAsync($"/v1/jobs/{job}/events")).Refused(404, "job not found");
        (await client.PostAsync($"/v1/jobs/{job}/cancel")).Refused(404, "job not found");
        (await client.PostAsync("/v1/projects", new JsonObject { ["name"] = "x" })).Refused(403, "organization-wide");
        (await client.DeleteAsync($"/v1/projects/{mine}")).Refused(403, "organization-wide");
        await Api.CompletedAsync(job);
    }

    [SystemFact]
    public async Task A_project_key_takes_no_scope_of_the_organisation()
    {
        var project = await Api.NewProjectAsync("Bounded");
        var refused = await embedded.Daemon.CommandAsync("keys", "create", "--name", "x", "--scopes", "api_keys:write", "--project", project);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("api_keys:write", refused.Errors, StringComparison.Ordinal);
        var unknown = await embedded.Daemon.CommandAsync("keys", "create", "--name", "x", "--scopes", "root");
        Assert.Contains("there is no scope 'root'", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(4, (await embedded.Daemon.CommandAsync("keys", "create", "--name", "x", "--project", "nowhere")).ExitCode);
    }

    [SystemFact]
    public async Task A_viewer_and_its_organisation_are_told()
    {
        var me = (await Api.GetAsync("/v1/me")).Expect(200).Json;
        Assert.Equal("api_key", me["principal"]!.Text("auth_source"));
        Assert.Equal(me["organization"]!.Text("id"), me["principal"]!.Text("organization_id"));
        var organization = (await Api.GetAsync($"/v1/organizations/{me["organization"]!.Text("id")}")).Expect(200)["organization"];
        Assert.Equal("business", organization.Text("billing_plan"));
        Assert.Equal("active", organization.Text("billing_status"));
        (await Api.GetAsync("/v1/organizations/org_aaaaaaaaaaaaaaaaaaaa")).Refused(404, "organization not found");
    }

    private async Task<string> OrganizationAsync() => (await Api.GetAsync("/v1/me")).Expect(200)["organization"].Text("id");
}
