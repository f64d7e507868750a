namespace Capyd.SystemTests.Projects;

[Collection(nameof(EmbeddedDaemon))]
public sealed class RotationTests(EmbeddedDaemon embedded)
{
    private const string InvalidPassword = "28P01";
    private ApiClient Api => embedded.Api;

    [SystemFact]
    public async Task After_a_rotation_the_old_password_is_refused_the_new_one_works_and_open_sessions_go_on()
    {
        var id = await Api.NewProjectAsync("Rotating");
        var old = await Api.UrlAsync(id);
        await using var session = await Tenant.OpenAsync(old);

        var job = await Api.CompletedAsync(await Api.PostAsync($"/v1/projects/{id}/credentials/rotate"));
        Assert.Equal("project.rotate_credentials", job.Text("type"));
        var fresh = await Api.UrlAsync(id);

        Assert.NotEqual(old, fresh);
        Assert.Equal(InvalidPassword, await Tenant.RefusalAsync(old));
        Assert.Equal("1", await Tenant.OneAsync(fresh, "SELECT 1"));
        Assert.Equal(["2"], await session.ListAsync("SELECT 2"));
        Assert.Equal("ready", (await Api.ProjectAsync(id)).Text("state"));
    }

    [SystemTheory]
    [InlineData(-1)]
    [InlineData(721)]
    [InlineData(24)]
    public async Task A_grace_period_is_refused_by_name(int hours)
    {
        var id = await Api.NewProjectAsync("Graceless");
        (await Api.PostAsync($"/v1/projects/{id}/credentials/rotate", new JsonObject { ["grace_hours"] = hours })).Refused(400, "grace_hours");
    }

    [SystemFact]
    public async Task No_password_lies_in_the_metadata_or_the_log()
    {
        var url = await Api.UrlAsync(await Api.NewProjectAsync("Secretive"));
        var password = Uri.UnescapeDataString(new Uri(url).UserInfo.Split(':')[1]);
        Assert.DoesNotContain(password, embedded.Daemon.Log, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(embedded.Daemon.DataDirectory, "capyd.db*"))
        {
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(password)));
        }
    }
}
