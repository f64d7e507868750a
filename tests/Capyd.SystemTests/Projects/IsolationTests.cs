using Npgsql;

namespace Capyd.SystemTests.Projects;

/// <summary>What a tenant's role can do, seen with nothing but its connection URL.</summary>
[Collection(nameof(EmbeddedDaemon))]
public sealed class IsolationTests(EmbeddedDaemon embedded)
{
    private const string InsufficientPrivilege = "42501";
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task The_connection_url_works_with_psql()
    {
        var url = await Api.UrlAsync(await Api.NewProjectAsync("By psql"));
        var answer = await Command.RunAsync("psql", url, "-X", "-A", "-t", "-c", "CREATE TABLE t (a int); INSERT INTO t VALUES (7); SELECT a FROM t");
        Assert.EndsWith("7", answer.Good(), StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task A_role_reaches_no_database_but_its_own()
    {
        var mine = await Api.UrlAsync(await Api.NewProjectAsync("Mine"));
        var theirs = await Api.ProjectAsync(await Api.NewProjectAsync("Theirs"));
        Assert.Equal(InsufficientPrivilege, await Tenant.RefusalAsync(mine, theirs.Text("database_name")));
        Assert.Equal(InsufficientPrivilege, await Tenant.RefusalAsync(mine, "postgres"));
        Assert.Equal(InsufficientPrivilege, await Tenant.RefusalAsync(mine, "template1"));
    }

    [SystemTheory]
    [InlineData("SELECT * FROM pg_authid")]
    [InlineData("CREATE DATABASE stolen")]
    [InlineData("CREATE ROLE accomplice")]
    [InlineData("ALTER ROLE CURRENT_USER SUPERUSER")]
    [InlineData("SET ROLE capyd")]
    [InlineData("COPY (SELECT 1) TO PROGRAM 'id'")]
    [InlineData("SELECT pg_read_file('/etc/passwd')")]
    [InlineData("ALTER SYSTEM SET work_mem = '1GB'")]
    public async Task A_role_has_no_power_over_the_server(string sql)
    {
        var url = await Api.UrlAsync(await SharedAsync());
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Tenant.ExecuteAsync(url, sql));
        Assert.Equal(InsufficientPrivilege, refusal.SqlState);
    }

    [SystemFact]
    public async Task A_role_owns_its_public_schema()
    {
        var url = await Api.UrlAsync(await SharedAsync());
        Assert.Equal("true", (await Tenant.OneAsync(url, "SELECT (nspowner = current_user::regrole)::text FROM pg_namespace WHERE nspname = 'public'"))!);
    }

    [SystemFact]
    public async Task The_connection_limit_holds()
    {
        var id = await Api.NewProjectAsync("Crowded");
        var project = await Api.ProjectAsync(id);
        await embedded.Superuser.ExecuteAsync("postgres", $"ALTER ROLE {project.Text("role_name")} CONNECTION LIMIT 2");
        var url = await Api.UrlAsync(id);
        await using var first = await Tenant.OpenAsync(url);
        await using var second = await Tenant.OpenAsync(url);
        Assert.Equal("53300", await Tenant.RefusalAsync(url));
    }

    [SystemFact]
    public async Task The_limit_of_the_plan_is_on_the_role_and_the_timeouts_on_the_database()
    {
        var project = await Api.ProjectAsync(await SharedAsync());
        Assert.Equal("60", await embedded.Superuser.OneAsync("postgres", $"SELECT rolconnlimit FROM pg_roles WHERE rolname = '{project.Text("role_name")}'"));
        Assert.Equal("10min", await Tenant.OneAsync(await Api.UrlAsync(project.Text("id")), "SHOW idle_in_transaction_session_timeout"));
    }

    private async Task<string> SharedAsync()
    {
        var known = (await Api.GetAsync("/v1/projects")).Expect(200).Json.Objects("projects").FirstOrDefault(project => project.Text("name") == "Isolated");
        return known?.Text("id") ?? await Api.NewProjectAsync("Isolated");
    }
}
