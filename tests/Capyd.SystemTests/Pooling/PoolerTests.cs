using System.Globalization;
using Npgsql;

namespace Capyd.SystemTests.Pooling;

/// <summary>Pooled connections as a tenant sees them, through a real PgBouncer.</summary>
public sealed class PoolerTests(PooledDaemon pooled) : IClassFixture<PooledDaemon>
{
    private ApiClient Api => pooled.Api;

    [SystemFact]
    public async Task A_new_project_has_a_pooled_url_that_works_at_once()
    {
        var id = await Api.NewProjectAsync("Pooled");
        var url = await Api.PooledUrlAsync(id);
        var project = await Api.ProjectAsync(id);
        Assert.Equal(new Uri(url).Port, project.Number("pooled_port"));
        Assert.EndsWith("?sslmode=disable", url, StringComparison.Ordinal);
        await Tenant.ExecuteAsync(url, "CREATE TABLE through (n int); INSERT INTO through VALUES (7)");
        Assert.Equal("7", await Tenant.OneAsync(await Api.UrlAsync(id), "SELECT n FROM through"));
        Assert.Equal(project.Text("role_name"), await Tenant.OneAsync(url, "SELECT current_user"));
    }

    [SystemFact]
    public async Task A_tenant_gets_no_further_than_its_own_database()
    {
        var mine = await Api.PooledUrlAsync(await Api.NewProjectAsync("Mine"));
        var theirs = await Api.NewProjectAsync("Theirs");
        var foreign = (await Api.ProjectAsync(theirs)).Text("database_name");
        foreach (var database in new[] { foreign, "postgres", "template1", "pgbouncer", "no_such" })
        {
            Assert.StartsWith("08", await Tenant.RefusalAsync(mine, database), StringComparison.Ordinal);
        }

        Assert.Equal("1", await Tenant.OneAsync(mine, "SELECT 1"));
        await Api.CompletedAsync(await Api.DeleteAsync($"/v1/projects/{theirs}?skip_final_backup=true"));
        Assert.Equal("1", await Tenant.OneAsync(mine, "SELECT 1"));
    }

    [SystemFact]
    public async Task Other_projects_come_and_go_while_a_client_keeps_its_transaction()
    {
        var url = await Api.PooledUrlAsync(await Api.NewProjectAsync("Steady"));
        await using var client = await Tenant.OpenAsync(url);
        await using var idle = await Tenant.OpenAsync(url);
        await client.ExecuteAsync("BEGIN; CREATE TABLE kept (n int)");
        var backend = (await client.ListAsync("SELECT pg_backend_pid()")).Single();
        var other = await Api.NewProjectAsync("Passing");
        Assert.Equal("1", await Tenant.OneAsync(await Api.PooledUrlAsync(other), "SELECT 1"));
        await EmbeddedData.Superuser(pooled.Daemon.DataDirectory).ExecuteAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{new Uri(url).UserInfo.Split(':')[0]}' AND state = 'idle'");
        Assert.Equal("2", (await idle.ListAsync("SELECT 2")).Single());
        await Api.CompletedAsync(await Api.DeleteAsync($"/v1/projects/{other}?skip_final_backup=true"));
        Assert.Equal(backend, (await client.ListAsync("SELECT pg_backend_pid()")).Single());
        await client.ExecuteAsync("COMMIT");
        Assert.Equal("0", await Tenant.OneAsync(url, "SELECT count(*) FROM kept"));
    }

    [SystemFact]
    public async Task A_rotated_password_holds_for_pooled_logins_too()
    {
        var project = await Api.NewProjectAsync("Rotated");
        var before = await Api.PooledUrlAsync(project);
        await using var open = await Tenant.OpenAsync(before);
        await Api.CompletedAsync(await Api.PostAsync($"/v1/projects/{project}/credentials/rotate"));
        var after = await Api.PooledUrlAsync(project);
        Assert.NotEqual(before, after);
        Assert.Equal("1", await Tenant.OneAsync(after, "SELECT 1"));
        await Assert.ThrowsAsync<PostgresException>(() => Tenant.OpenAsync(before));
        Assert.Equal("1", (await open.ListAsync("SELECT 1")).Single());
    }

    [SystemFact]
    public async Task A_client_sees_the_restored_content_in_the_same_session_and_the_preview_is_pooled_too()
    {
        var project = await Api.NewProjectAsync("Exchanged");
        var url = await Api.PooledUrlAsync(project);
        await ProjectCalls.FillAsync(url);
        var content = await ProjectCalls.ContentAsync(url);
        var key = (await Api.NewBackupAsync(project)).Text("backup_key");
        var preview = await Api.NewPreviewAsync(project, key);
        var ways = (await Api.GetAsync($"/v1/preview-databases/{preview}/connections")).Expect(200)["connections"];
        Assert.Equal(content, await ProjectCalls.ContentAsync(ways.Text("pooled_url")));

        await using var client = await Tenant.OpenAsync(url);
        await client.ExecuteAsync("DELETE FROM orders");
        var approval = (await pooled.Daemon.CommandAsync("approve", project, "project.restore_overwrite")).Good();
        await Api.CompletedAsync(await Api.RestoreAsync(project, new JsonObject { ["backup_key"] = key, ["target_kind"] = "project", ["approval_token"] = approval }));
        Assert.Equal(content, (await client.ListAsync(ProjectCalls.ContentSql)).Single());
        await Api.CompletedAsync(await Api.PostAsync($"/v1/projects/{project}/restores/undo"));
        Assert.Equal("0", (await client.ListAsync("SELECT count(*) FROM orders")).Single());
        await Api.CompletedAsync(await Api.DeleteAsync($"/v1/preview-databases/{preview}"));
        await Until.TrueAsync("the deleted preview is refused", () => IsRefusedAsync(ways.Text("pooled_url")));
    }

    [SystemFact]
    public async Task More_clients_than_sessions_are_served_by_few_sessions_on_the_server()
    {
        var url = await Api.PooledUrlAsync(await Api.NewProjectAsync("Busy"));
        var database = new Uri(url).AbsolutePath[1..];
        var clients = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => Tenant.OpenAsync(url)));
        await Task.WhenAll(clients.Select(client => client.ExecuteAsync("SELECT pg_sleep(0.02)")));
        var sessions = await EmbeddedData.Superuser(pooled.Daemon.DataDirectory).OneAsync("postgres", $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'");
        Assert.InRange(int.Parse(sessions!, CultureInfo.InvariantCulture), 1, 20);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    private static async Task<bool> IsRefusedAsync(string url)
    {
        try
        {
            await (await Tenant.OpenAsync(url)).DisposeAsync();
            return false;
        }
        catch (PostgresException)
        {
            return true;
        }
        catch (NpgsqlException e) when (e.InnerException is System.Net.Sockets.SocketException)
        {
            return false; // not an answer
        }
    }

    [SystemFact]
    public async Task The_files_of_the_pooler_are_for_its_own_user_alone()
    {
        var directory = Path.Combine(pooled.Daemon.DataDirectory, "pooler");
        var modes = (await Command.RunAsync("stat", "-c", "%a %U", Path.Combine(directory, "userlist.txt"), Path.Combine(directory, "pgbouncer.ini"), Path.Combine(directory, "run"))).Good();
        Assert.Equal("600 postgres\n600 postgres\n700 postgres", modes);
        Assert.DoesNotContain("SCRAM-SHA-256$", pooled.Daemon.Log, StringComparison.Ordinal);
    }
}
