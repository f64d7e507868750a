namespace Capyd.SystemTests.Auth;

public sealed class ClerkTests(ClerkGround ground) : IClassFixture<ClerkGround>
{
    [SystemFact]
    public async Task A_session_of_either_version_says_who_it_is()
    {
        var mine = (await ground.Api.GetAsync("/v1/me")).Expect(200)["organization"].Text("id");
        using var admin = ground.Admin();
        var me = (await admin.GetAsync("/v1/me")).Expect(200).Json;
        Assert.Equal(mine, me["organization"]!.Text("id"));
        Assert.Equal("org_2abc", me["organization"]!.Text("clerk_organization_id"));
        Assert.Equal("clerk_session", me["principal"]!.Text("auth_source"));
        Assert.True(me["principal"]!["is_admin"]!.GetValue<bool>());
        Assert.Equal("user_1", me["principal"]!.Text("user_id"));
        Assert.Equal("org_2abc", me["principal"]!.Text("clerk_organization_id"));
        Assert.Equal("admin", me["principal"]!.Text("clerk_organization_role"));
        Assert.Equal("acme", me["principal"]!.Text("clerk_organization_slug"));

        var first = ClerkInstance.Claims();
        first.Remove("o");
        first.Remove("v");
        (first["org_id"], first["org_role"], first["org_slug"]) = ("org_2abc", "org:member", "acme");
        using var older = ground.As(ground.Clerk.Sign(first));
        me = (await older.GetAsync("/v1/me")).Expect(200).Json;
        Assert.Equal(mine, me["organization"]!.Text("id"));
        Assert.Equal("member", me["principal"]!.Text("clerk_organization_role"));
        Assert.False(me["principal"]!["is_admin"]!.GetValue<bool>());
    }

    [SystemFact]
    public async Task A_clerk_organization_that_is_not_named_gets_one_of_its_own()
    {
        using var other = ground.As(ground.Clerk.Sign(ClerkInstance.Claims(organization: "org_other", slug: "local")));
        var organization = (await other.GetAsync("/v1/me")).Expect(200)["organization"];
        Assert.NotEqual((await ground.Api.GetAsync("/v1/me"))["organization"].Text("id"), organization.Text("id"));
        Assert.Equal("org_other", organization.Text("clerk_organization_id"));
        Assert.Equal("local", organization.Text("clerk_organization_slug"));
        Assert.Equal(organization.Text("id"), (await other.GetAsync("/v1/me"))["organization"].Text("id"));
        var project = await ground.Api.NewProjectAsync("Not theirs");
        (await other.GetAsync($"/v1/projects/{project}")).Refused(404, "project not found");
        (await other.PostAsync($"/v1/projects/{project}/approvals", new JsonObject { ["action"] = "project.delete" })).Refused(404, "project not found");

        using var lost = ground.As(ground.Clerk.Sign(ClerkInstance.Claims(organization: "org_lost")));
        (await lost.GetAsync("/v1/me")).Refused(403, "no such organization");
        var none = ClerkInstance.Claims();
        none.Remove("o");
        using var homeless = ground.As(ground.Clerk.Sign(none));
        (await homeless.GetAsync("/v1/me")).Refused(403, "no active organization");
    }

    [SystemFact]
    public async Task A_member_works_with_projects_and_an_administrator_decides_about_them()
    {
        var project = await ground.Api.NewProjectAsync("Shared");
        using var member = ground.Member();
        (await member.GetAsync($"/v1/projects/{project}")).Expect(200);
        (await member.GetAsync($"/v1/projects/{project}/connections")).Expect(200);
        await member.CompletedAsync(await member.PostAsync($"/v1/projects/{project}/backups"));
        (await member.PostAsync("/v1/projects", new JsonObject { ["name"] = "Mine" })).Refused(403, "administrator");
        (await member.DeleteAsync($"/v1/projects/{project}")).Refused(403, "administrator");
        var organization = (await member.GetAsync("/v1/me"))["organization"].Text("id");
        (await member.PostAsync($"/v1/organizations/{organization}/api-keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("projects:read") })).Refused(403, "your role lacks");

        using var admin = ground.Admin();
        var created = (await admin.PostAsync("/v1/projects", new JsonObject { ["name"] = "Ours", ["environment"] = "non_production" })).Expect(201);
        await admin.CompletedAsync(created.JobId);
        var key = (await admin.PostAsync($"/v1/organizations/{organization}/api-keys", new JsonObject { ["name"] = "x", ["scopes"] = new JsonArray("projects:read") })).Expect(201)["api_key"];
        Assert.Equal("user_1", key.Text("created_by_user_id"));
        Assert.Equal("user user_1", await ground.Daemon.Metadata.OneAsync($"SELECT actor_kind || ' ' || actor_id FROM audit_events WHERE action = 'api_key.created' AND metadata_json LIKE '%{key.Text("id")}%'"));
    }

    [SystemFact]
    public async Task An_administrator_approves_the_end_of_a_production_project()
    {
        var project = await ground.Api.NewProjectAsync("Weighty", "production");
        var body = new JsonObject { ["action"] = "project.delete" };
        (await ground.Api.PostAsync($"/v1/projects/{project}/approvals", body)).Refused(403, "an approval must come from a person");
        using var member = ground.Member();
        (await member.PostAsync($"/v1/projects/{project}/approvals", body)).Refused(403, "administrator");
        using var admin = ground.Admin();
        (await admin.PostAsync($"/v1/projects/{project}/approvals", new JsonObject { ["action"] = "project.explode" })).Refused(400, "no such action");
        (await admin.PostAsync($"/v1/projects/{project}/approvals")).Refused(400, "no such action");
        var approval = (await admin.PostAsync($"/v1/projects/{project}/approvals", body)).Expect(201)["approval"];
        Assert.Equal("project.delete", approval.Text("action"));
        Assert.StartsWith("ap_", approval.Text("token"), StringComparison.Ordinal);
        Assert.InRange(DateTimeOffset.Parse(approval.Text("expires_at"), null), DateTimeOffset.UtcNow.AddMinutes(8), DateTimeOffset.UtcNow.AddMinutes(11));

        var path = $"/v1/projects/{project}?skip_final_backup=true";
        (await ground.Api.DeleteAsync(path)).Refused(400, "this action requires an approval token");
        await ground.Api.CompletedAsync(await ground.Api.DeleteAsync($"{path}&approval_token={approval.Text("token")}"));
    }

    [SystemFact]
    public async Task Tokens_that_are_not_what_they_say_are_refused()
    {
        foreach (var (what, token) in ClerkForgeries.Of(ground.Clerk))
        {
            using var client = ground.As(token);
            var reply = await client.GetAsync("/v1/me");
            Assert.True(reply.Status == 401, $"{what}: {reply.Status} {reply.Text}");
            Assert.Equal("unauthenticated", reply.Json.Text("code"));
        }
    }
}
