namespace Capyd.SystemTests.Extensions;

public sealed class PreloadTests : OwnDaemon
{
    [SystemFact]
    public async Task The_command_of_the_refusal_mends_it()
    {
        using var api = await Daemon.ClientAsync();
        var project = await api.NewProjectAsync("Watched");
        var extensions = $"/v1/projects/{project}/extensions";
        var wish = new JsonObject { ["name"] = "pg_stat_statements" };
        var hint = (await api.PostAsync(extensions, wish)).Refused(409, "shared_preload_libraries").Json.Text("hint");
        var command = hint[hint.IndexOf("ALTER SYSTEM", StringComparison.Ordinal)..hint.IndexOf(';', StringComparison.Ordinal)];
        await Superuser.ExecuteAsync("postgres", command);
        Assert.Equal(0, await Daemon.TerminateAsync());
        await Daemon.StartAsync();

        await api.CompletedAsync(await api.PostAsync(extensions, wish.DeepClone()));
        var listed = (await api.GetAsync(extensions)).Expect(200).Json.Objects("extensions").Single(extension => extension.Text("name") == "pg_stat_statements");
        Assert.False(listed["requires_restart"]!.GetValue<bool>());
        Assert.Equal("True", await Tenant.OneAsync(await api.UrlAsync(project), "SELECT count(*) > 0 FROM pg_stat_statements"));
        await api.NewBackupAsync(project);
    }
}
