namespace Capyd.SystemTests.Client;

/// <summary>capyd previews against its own daemon.</summary>
[Collection(nameof(EmbeddedDaemon))]
public sealed class PreviewCommandTests(EmbeddedDaemon embedded)
{
    private CapydDaemon Daemon => embedded.Daemon;

    [SystemFact]
    public async Task A_clone_is_made_reset_and_extended()
    {
        var project = await embedded.Api.NewProjectAsync("Cloned by command");
        var source = await embedded.Api.UrlAsync(project);
        await ProjectCalls.FillAsync(source);
        var made = await Daemon.CommandAsync("previews", "create", project, "--name", "copy", "--ttl-hours", "2");
        Assert.Equal(0, made.ExitCode);
        Assert.Contains("preview.create completed", made.Output, StringComparison.Ordinal);
        Assert.Contains("preview copy (pvw_", made.Errors, StringComparison.Ordinal);
        var copy = (await Daemon.CommandAsync("previews", "url", "copy")).Good();
        Assert.Equal(await ProjectCalls.ContentAsync(source), await ProjectCalls.ContentAsync(copy));

        await Tenant.ExecuteAsync(copy, "DELETE FROM orders");
        Assert.Contains("preview.reset completed", (await Daemon.CommandAsync("previews", "reset", "copy")).Good(), StringComparison.Ordinal);
        Assert.Equal(await ProjectCalls.ContentAsync(source), await ProjectCalls.ContentAsync((await Daemon.CommandAsync("previews", "url", "copy")).Good()));

        var before = await UntilAsync(project, "copy");
        Assert.StartsWith("until ", (await Daemon.CommandAsync("previews", "extend", "copy", "--ttl-hours", "48")).Good(), StringComparison.Ordinal);
        Assert.InRange(await UntilAsync(project, "copy") - before, TimeSpan.FromHours(45), TimeSpan.FromHours(47));
        (await Daemon.CommandAsync("previews", "delete", "copy")).Good();
        Assert.Equal(4, (await Daemon.CommandAsync("previews", "url", "copy")).ExitCode);
    }

    [SystemFact]
    public async Task An_empty_one_has_nothing_of_the_project_and_json_is_the_apis_own()
    {
        var project = await embedded.Api.NewProjectAsync("Emptied by command");
        await ProjectCalls.FillAsync(await embedded.Api.UrlAsync(project));
        var made = await Daemon.CommandAsync("previews", "create", project, "--name", "blank", "--mode", "empty", "--json");
        Assert.Equal("completed", JsonNode.Parse(made.Good())!["job"]!.Text("state"));
        var url = (await Daemon.CommandAsync("previews", "url", "blank")).Good();
        Assert.Equal("0", await Tenant.OneAsync(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        var listed = JsonNode.Parse((await Daemon.CommandAsync("previews", "list", project, "--json")).Good())!["preview_databases"]!.AsArray();
        Assert.Equal(("blank", "empty"), (Assert.Single(listed)!.Text("name"), listed[0]!.Text("mode")));
    }

    [SystemFact]
    public async Task What_is_refused_says_why()
    {
        var project = await embedded.Api.NewProjectAsync("Refused by command");
        (await Daemon.CommandAsync("previews", "create", project, "--name", "taken", "--mode", "empty")).Good();
        await RefusedAsync(5, "already has a preview named 'taken'", "previews", "create", project, "--name", "taken");
        await RefusedAsync(1, "mode must be clone or empty", "previews", "create", project, "--mode", "nonsense");
        await RefusedAsync(1, "ttl_hours", "previews", "extend", "taken", "--project", project, "--ttl-hours", "500");
        await RefusedAsync(4, "there is no preview 'nowhere'", "previews", "reset", "nowhere", "--project", project);
        await RefusedAsync(4, "there is no project 'nowhere'", "previews", "create", "nowhere");
    }

    private async Task RefusedAsync(int exitCode, string words, params string[] arguments)
    {
        var result = await Daemon.CommandAsync(arguments);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
    }

    private async Task<DateTimeOffset> UntilAsync(string project, string preview)
    {
        var all = JsonNode.Parse((await Daemon.CommandAsync("previews", "list", project, "--json")).Good())!["preview_databases"]!.AsArray();
        return DateTimeOffset.Parse(all.Single(one => one!.Text("name") == preview)!.Text("ttl_expires_at"), System.Globalization.CultureInfo.InvariantCulture);
    }
}
