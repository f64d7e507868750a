namespace Capyd.SystemTests.Extensions;

[Collection(nameof(EmbeddedDaemon))]
public sealed class ExtensionTests(EmbeddedDaemon embedded)
{
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task The_list_tells_what_is_allowed_there_and_enabled()
    {
        var project = await Api.NewProjectAsync("Extensive");
        var list = await ListAsync(project);
        Assert.True(list["pg_trgm"]["enabled"]!.GetValue<bool>());
        Assert.Equal(list["pg_trgm"].Text("installed_version"), list["pg_trgm"].Text("available_version"));
        Assert.False(list["citext"]["enabled"]!.GetValue<bool>());
        Assert.Null(list["citext"]["installed_version"]);
        Assert.Equal(list["citext"].Text("default_version"), list["citext"].Text("available_version"));
        Assert.True(list["pg_stat_statements"]["requires_restart"]!.GetValue<bool>());
        Assert.False(list["citext"]["requires_restart"]!.GetValue<bool>());
        Assert.DoesNotContain("plpgsql", list.Keys);
        Assert.DoesNotContain("dblink", list.Keys);
        Assert.All(list.Values, extension => Assert.NotEmpty(extension.Text("category")));
    }

    [SystemFact]
    public async Task An_extension_is_enabled_used_backed_up_and_disabled()
    {
        var project = await Api.NewProjectAsync("Citizens");
        var url = await Api.UrlAsync(project);
        await Api.CompletedAsync(await EnableAsync(project, "citext"));
        await Api.CompletedAsync(await EnableAsync(project, "citext"));
        Assert.True((await ListAsync(project))["citext"]["enabled"]!.GetValue<bool>());
        await Tenant.ExecuteAsync(url, "CREATE TABLE people (name citext PRIMARY KEY); INSERT INTO people VALUES ('Ada')");
        Assert.Equal("Ada", await Tenant.OneAsync(url, "SELECT name FROM people WHERE name = 'ADA'"));
        await Api.NewBackupAsync(project);

        var failed = await Api.EndOfJobAsync((await Api.DeleteAsync(Path(project, "citext"))).Expect(202).JobId);
        Assert.Equal("failed", failed.Text("state"));
        Assert.Contains("column name of table public.people", failed.Text("error"), StringComparison.Ordinal);
        Assert.Equal("Ada", await Tenant.OneAsync(url, "SELECT name FROM people"));
        Assert.Equal("ready", (await Api.ProjectAsync(project)).Text("state"));

        await Tenant.ExecuteAsync(url, "DROP TABLE people");
        await Api.CompletedAsync(await Api.DeleteAsync(Path(project, "citext")));
        Assert.False((await ListAsync(project))["citext"]["enabled"]!.GetValue<bool>());
        Assert.Null((await Api.ProjectAsync(project)).TextOrNull("last_error"));
        Assert.Equal(
            ["project.extension_disabled", "project.extension_disabled", "project.extension_enabled", "project.extension_enabled"],
            (await embedded.Daemon.Metadata.ListAsync($"SELECT action FROM audit_events WHERE project_id = '{project}' AND action LIKE '%extension%'")).Order());
    }

    [SystemFact]
    public async Task What_an_extension_requires_comes_with_it()
    {
        var project = await Api.NewProjectAsync("Earthly");
        await Api.CompletedAsync(await EnableAsync(project, "earthdistance"));
        Assert.True((await ListAsync(project))["cube"]["enabled"]!.GetValue<bool>());
        Assert.Equal("True", await Tenant.OneAsync(await Api.UrlAsync(project), "SELECT earth_distance(ll_to_earth(0, 0), ll_to_earth(0, 1)) > 100000"));
    }

    [SystemFact]
    public async Task An_old_version_is_offered_an_update_and_a_current_one_is_left_alone()
    {
        var project = await Api.NewProjectAsync("Antique");
        var database = (await Api.ProjectAsync(project)).Text("database_name");
        await embedded.Superuser.ExecuteAsync(database, "CREATE EXTENSION hstore SCHEMA public VERSION '1.4'");
        Assert.True((await ListAsync(project))["hstore"]["update_available"]!.GetValue<bool>());
        await Api.CompletedAsync(await Api.PostAsync($"{Path(project, "hstore")}/update"));
        await Api.CompletedAsync(await Api.PostAsync($"{Path(project, "hstore")}/update"));
        var hstore = (await ListAsync(project))["hstore"];
        Assert.False(hstore["update_available"]!.GetValue<bool>());
        Assert.Equal(hstore.Text("available_version"), hstore.Text("installed_version"));
    }

    [SystemFact]
    public async Task A_name_in_the_path_may_be_encoded()
    {
        var project = await Api.NewProjectAsync("Encoded");
        await Api.CompletedAsync(await Api.DeleteAsync($"/v1/projects/{project}/extensions/uuid%2Dossp"));
        Assert.False((await ListAsync(project))["uuid-ossp"]["enabled"]!.GetValue<bool>());
        await Api.CompletedAsync(await EnableAsync(project, "uuid-ossp"));
    }

    [SystemFact]
    public async Task What_cannot_be_is_refused_with_its_reason()
    {
        var project = await Api.NewProjectAsync("Refused");
        (await Api.PostAsync($"/v1/projects/{project}/extensions")).Refused(400, "name");
        (await Api.PostAsync($"/v1/projects/{project}/extensions", new JsonObject())).Refused(400, "name");
        (await EnableAsync(project, "plpgsql")).Refused(400, "not managed");
        (await EnableAsync(project, "dblink")).Refused(400, "'dblink' is not on the allowlist");
        (await EnableAsync(project, "citext\"; DROP TABLE x; --")).Refused(400, "allowlist");
        (await EnableAsync(project, "citext\u0000")).Refused(400, "allowlist");
        (await EnableAsync(project, new string('x', 5000))).Refused(400, "'…'");
        var restart = (await EnableAsync(project, "pg_stat_statements")).Refused(409, "shared_preload_libraries");
        Assert.Contains("ALTER SYSTEM SET shared_preload_libraries = pg_stat_statements;", restart.Json.Text("hint"), StringComparison.Ordinal);
        (await Api.DeleteAsync(Path(project, "citext"))).Refused(409, "not enabled");
        (await Api.DeleteAsync(Path(project, "dblink"))).Refused(400, "allowlist");
        (await Api.DeleteAsync(Path(project, "..%2F..%2Fetc"))).Refused(400, "allowlist");
        (await Api.PostAsync($"{Path(project, "citext")}/update")).Refused(409, "not enabled");
        (await Api.PostAsync($"{Path(project, "plpgsql")}/update")).Refused(400, "not managed");
        (await Api.GetAsync("/v1/projects/prj_aaaaaaaaaaaaaaaaaaaa/extensions")).Refused(404, "project not found");
        using var reader = await embedded.Daemon.ClientAsync("projects:read");
        (await reader.PostAsync($"/v1/projects/{project}/extensions", new JsonObject { ["name"] = "citext" })).Refused(403, "projects:write");
    }

    [SystemFact]
    public async Task What_the_host_lacks_is_listed_without_version_and_refused_with_its_package()
    {
        var project = await Api.NewProjectAsync("Poor host");
        var absent = (await ListAsync(project)).Values.First(extension => extension["available_version"] is null);
        Assert.Null(absent["default_version"]);
        var refused = (await EnableAsync(project, absent.Text("name"))).Refused(400, "is not installed on this host");
        Assert.Contains("apt install postgresql-", refused.Json.Text("hint"), StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task A_project_that_is_not_ready_or_busy_is_left_alone()
    {
        var created = (await Api.PostAsync("/v1/projects", new JsonObject { ["name"] = "Hasty" })).Expect(201);
        var project = created["project"].Text("id");
        var reply = await EnableAsync(project, "citext");
        Assert.True(reply.Status is 409 or 202, reply.Text);
        await Api.CompletedAsync(created.JobId);
        await Api.EndOfJobAsync((await EnableAsync(project, "hstore")).Expect(202).JobId);
        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET state = 'importing' WHERE id = '{project}'");
        (await EnableAsync(project, "ltree")).Refused(409, "active operation");
        (await Api.GetAsync($"/v1/projects/{project}/extensions")).Refused(409, "active operation");
        await embedded.Daemon.Metadata.ExecuteAsync($"UPDATE projects SET state = 'ready' WHERE id = '{project}'");
    }

    /// <summary>The classic trap: a schema in which the script of an extension would find a tenant's functions.</summary>
    [SystemFact]
    public async Task Nothing_of_a_tenant_is_called_while_an_extension_is_made()
    {
        var project = await Api.NewProjectAsync("Trap");
        var url = await Api.UrlAsync(project);
        await Tenant.ExecuteAsync(url, """
            CREATE FUNCTION public.spring(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER ROLE ' || quote_ident(session_user) || ' SUPERUSER'; RETURN $1; END $$;
            CREATE FUNCTION public.earth() RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('x'); RETURN 1; END $$;
            """);
        var failed = await Api.EndOfJobAsync((await EnableAsync(project, "earthdistance")).Expect(202).JobId);
        Assert.Contains("public.earth()", failed.Text("error"), StringComparison.Ordinal);
        await Api.CompletedAsync(await EnableAsync(project, "hstore"));
        var role = (await Api.ProjectAsync(project)).Text("role_name");
        Assert.Equal("False", await embedded.Superuser.OneAsync("postgres", $"SELECT rolsuper FROM pg_roles WHERE rolname = '{role}'"));
        Assert.Equal("1", await Tenant.OneAsync(url, "SELECT 1"));
    }

    private static string Path(string project, string name) => $"/v1/projects/{project}/extensions/{name}";

    private Task<Reply> EnableAsync(string project, string name) => Api.PostAsync($"/v1/projects/{project}/extensions", new JsonObject { ["name"] = name });

    private async Task<Dictionary<string, JsonObject>> ListAsync(string project) =>
        (await Api.GetAsync($"/v1/projects/{project}/extensions")).Expect(200).Json.Objects("extensions").ToDictionary(extension => extension.Text("name"));
}
