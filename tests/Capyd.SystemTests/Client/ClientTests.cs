namespace Capyd.SystemTests.Client;

/// <summary>capyd's own command line against its own daemon.</summary>
[Collection(nameof(EmbeddedDaemon))]
public sealed class ClientTests(EmbeddedDaemon embedded)
{
    private CapydDaemon Daemon => embedded.Daemon;

    [SystemFact]
    public async Task A_project_is_made_found_by_any_of_its_names_and_deleted()
    {
        var made = await Daemon.CommandAsync("projects", "create", "By command", "--slug", "cli-made", "--environment", "non_production");
        Assert.Equal(0, made.ExitCode);
        Assert.Contains("project.provision completed", made.Output, StringComparison.Ordinal);
        Assert.Contains("project.provision: ", made.Errors, StringComparison.Ordinal);
        var id = JsonNode.Parse((await Daemon.CommandAsync("projects", "show", "cli-made", "--json")).Good())!["project"]!.Text("id");
        Assert.Contains(id, (await Daemon.CommandAsync("projects", "show", "By command")).Good(), StringComparison.Ordinal);
        Assert.Contains("cli-made", (await Daemon.CommandAsync("projects", "show", id)).Good(), StringComparison.Ordinal);
        Assert.Contains("cli-made", (await Daemon.CommandAsync("projects", "list")).Good(), StringComparison.Ordinal);

        var url = (await Daemon.CommandAsync("projects", "url", "cli-made")).Good();
        Assert.Equal("1", await Tenant.OneAsync(url, "SELECT 1"));
        var pooled = await Daemon.CommandAsync("projects", "url", "cli-made", "--pooled");
        Assert.Equal((4, ""), (pooled.ExitCode, pooled.Output));

        var unsure = await Daemon.CommandAsync("projects", "delete", "cli-made", "--skip-final-backup");
        Assert.Equal(2, unsure.ExitCode);
        Assert.Contains("--yes", unsure.Errors, StringComparison.Ordinal);
        (await Daemon.CommandAsync("projects", "delete", "cli-made", "--skip-final-backup", "--yes")).Good();
        Assert.Equal(4, (await Daemon.CommandAsync("projects", "show", "cli-made")).ExitCode);
    }

    [SystemFact]
    public async Task A_backup_is_taken_restored_into_a_preview_and_over_the_project_with_approval()
    {
        var project = await embedded.Api.NewProjectAsync("Client restores");
        await ProjectCalls.FillAsync(await embedded.Api.UrlAsync(project));
        Assert.Equal(4, (await Daemon.CommandAsync("restore", project)).ExitCode);
        (await Daemon.CommandAsync("backups", "create", project, "--label", "by hand")).Good();
        Assert.Contains("verified", (await Daemon.CommandAsync("backups", "list", project)).Good(), StringComparison.Ordinal);

        (await Daemon.CommandAsync("restore", project, "--preview", "look", "--ttl-hours", "2")).Good();
        Assert.Contains("look", (await Daemon.CommandAsync("previews", "list", project)).Good(), StringComparison.Ordinal);
        var copy = (await Daemon.CommandAsync("previews", "url", "look", "--project", project)).Good();
        Assert.Equal("200", await Tenant.OneAsync(copy, "SELECT count(*) FROM orders"));
        (await Daemon.CommandAsync("previews", "delete", "look")).Good();

        var refused = await Daemon.CommandAsync("restore", project, "--to", "project");
        Assert.Contains("this action requires an approval token", refused.Errors, StringComparison.Ordinal);
        var approved = new Dictionary<string, string> { ["CAPYD_APPROVAL_TOKEN"] = await embedded.ApproveAsync(project, "project.restore_overwrite") };
        (await Daemon.CommandAsync(approved, "restore", project, "--to", "project")).Good();
        Assert.Equal(2, (await Daemon.CommandAsync("restore", project, "--to", "preview")).ExitCode);
    }

    [SystemFact]
    public async Task A_job_is_left_watched_and_cancelled()
    {
        var project = await embedded.Api.NewProjectAsync("Client jobs");
        var url = await embedded.Api.UrlAsync(project);
        await ProjectCalls.FillAsync(url);
        await using var blocker = await Tenant.OpenAsync(url);
        await blocker.ExecuteAsync("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
        var id = (await Daemon.CommandAsync("backups", "create", project, "--no-wait")).Good();
        Assert.StartsWith("job_", id, StringComparison.Ordinal);
        var late = await Daemon.CommandAsync("jobs", "watch", id, "--timeout", "1");
        Assert.Equal(6, late.ExitCode);
        (await Daemon.CommandAsync("jobs", "cancel", id)).Good();
        var ended = await Daemon.CommandAsync("jobs", "watch", id, "--json");
        Assert.Equal(1, ended.ExitCode);
        Assert.Equal("cancelled", JsonNode.Parse(ended.Output)!["job"]!.Text("error"));
        Assert.Contains(id, (await Daemon.CommandAsync("jobs", "list", project)).Good(), StringComparison.Ordinal);
        Assert.Contains("failed", (await Daemon.CommandAsync("jobs", "show", id)).Good(), StringComparison.Ordinal);
        Assert.Equal(5, (await Daemon.CommandAsync("jobs", "cancel", id)).ExitCode);
        Assert.Equal(4, (await Daemon.CommandAsync("jobs", "show", "job_aaaaaaaaaaaaaaaaaaaa")).ExitCode);
    }

    [SystemFact]
    public async Task The_same_commands_work_over_a_url_with_a_key_from_the_environment()
    {
        await embedded.Api.NewProjectAsync("Seen from afar");
        var key = await Daemon.NewKeyAsync(scopes: "projects:read");
        Assert.Contains("Seen from afar", (await RemoteAsync(key, "projects", "list")).Good(), StringComparison.Ordinal);
        Assert.Equal(3, (await RemoteAsync(key, "projects", "url", "seen-from-afar")).ExitCode);
        Assert.Equal(3, (await RemoteAsync("", "projects", "list")).ExitCode);
        var nobody = await Daemon.CommandAsync("projects", "list", "--api-url", "http://127.0.0.1:1");
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("cannot reach capyd at http://127.0.0.1:1", nobody.Errors, StringComparison.Ordinal);
        var nowhere = await Command.RunAsync(Machine.Binary, "projects", "list", "--socket", "/nowhere/capyd.sock");
        Assert.Equal(1, nowhere.ExitCode);
        Assert.Contains("there is no such socket", nowhere.Errors, StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task Status_tells_the_parts_and_mistakes_are_usage()
    {
        Assert.Contains("PostgreSQL", (await Daemon.CommandAsync("status")).Good(), StringComparison.Ordinal);
        Assert.Equal("operational", JsonNode.Parse((await Daemon.CommandAsync("status", "--json")).Good())!.Text("status"));
        foreach (var line in new[] { "projects list --bogus", "projects", "nonsense", "restore", "previews extend x", "projects list --api-url nonsense" })
        {
            Assert.Equal((line, 2), (line, (await Command.RunAsync(Machine.Binary, line.Split(' '))).ExitCode));
        }
    }

    [SystemFact]
    public async Task The_completion_of_bash_asks_the_binary()
    {
        var script = (await Command.RunAsync(Machine.Binary, "completion", "bash")).Good();
        var ask = $"{script}\nCOMP_LINE='capyd pr' COMP_POINT=8 COMP_WORDS=('{Machine.Binary}' pr) COMP_CWORD=1\n_capyd\necho \"${{COMPREPLY[*]}}\"";
        Assert.Equal("previews projects", (await Command.RunAsync("bash", "-c", ask)).Good().Replace('\n', ' '));
        Assert.Contains("compdef", (await Command.RunAsync(Machine.Binary, "completion", "zsh")).Good(), StringComparison.Ordinal);
        Assert.Contains("complete -c capyd", (await Command.RunAsync(Machine.Binary, "completion", "fish")).Good(), StringComparison.Ordinal);
    }

    private Task<CommandResult> RemoteAsync(string key, params string[] arguments) => Command.RunAsync(
        Machine.Binary, new Dictionary<string, string> { ["CAPYD_API_URL"] = Daemon.Address.ToString(), ["CAPYD_API_KEY"] = key }, arguments);
}
