using Capyd.SystemTests.Importing;

namespace Capyd.SystemTests.Client;

/// <summary>capyd import against its own daemon and a second real server.</summary>
public sealed class ImportCommandTests(ImportGround ground) : IClassFixture<ImportGround>
{
    private CapydDaemon Daemon => ground.Daemon;

    [SystemFact]
    public async Task A_file_is_uploaded_and_replaces_only_when_told_to()
    {
        var source = await ground.NewSourceAsync("by_file");
        var project = await ground.Api.NewProjectAsync("By file");
        var file = Path.Combine(Machine.NewDirectory(), "by_file.dump");
        await File.WriteAllBytesAsync(file, await ground.DumpAsync("by_file", "--format", "custom"));
        try
        {
            var first = await Daemon.CommandAsync("import", project, "--file", file);
            Assert.Contains("project.import completed", first.Good(), StringComparison.Ordinal);
            Assert.Contains("import:load", first.Errors, StringComparison.Ordinal);
            Assert.Equal(await ProjectCalls.ContentAsync(source), await ProjectCalls.ContentAsync(await ground.Api.UrlAsync(project)));

            Assert.Equal(1, (await Daemon.CommandAsync("import", project, "--file", file)).ExitCode);
            Assert.Equal(5, (await Daemon.CommandAsync("import", project, "--file", file, "--confirm")).ExitCode);
            var again = await Daemon.CommandAsync("import", project, "--file", file, "--confirm", "--recreate", "--json");
            Assert.Equal("custom", JsonNode.Parse(again.Good())!["job"]!["result"]!["report"]!.Text("format"));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [SystemFact]
    public async Task A_server_is_looked_at_and_imported_from_and_its_password_is_never_told()
    {
        var source = await ground.NewSourceAsync("by_url");
        var project = await ground.Api.NewProjectAsync("By URL");
        var environment = new Dictionary<string, string> { ["CAPYD_SOURCE_URL"] = source };
        var look = await Daemon.CommandAsync(environment, "import", project, "--preflight");
        Assert.Contains("source_readable", look.Good(), StringComparison.Ordinal);
        var import = await Daemon.CommandAsync(environment, "import", project);
        import.Good();
        Assert.Equal(await ProjectCalls.ContentAsync(source), await ProjectCalls.ContentAsync(await ground.Api.UrlAsync(project)));
        Assert.DoesNotContain(ImportGround.Password, look.Output + look.Errors + import.Output + import.Errors + Daemon.Log, StringComparison.Ordinal);

        environment["CAPYD_SOURCE_URL"] = ground.UrlOf("by_url", password: "wrong");
        Assert.Equal(1, (await Daemon.CommandAsync(environment, "import", project, "--preflight")).ExitCode);
    }

    [SystemFact]
    public async Task What_cannot_be_imported_is_told_before_anything_is_done()
    {
        var project = await ground.Api.NewProjectAsync("Not imported");
        await RefusedAsync(2, "import from where?", "import", project);
        await RefusedAsync(2, "--preflight looks at a server", "import", project, "--preflight", "--file", "/etc/hostname");
        await RefusedAsync(1, "/nowhere/x.dump", "import", project, "--file", "/nowhere/x.dump");
        await RefusedAsync(1, "the file is empty", "import", project, "--file", "/dev/null");
        await RefusedAsync(4, "there is no project 'nowhere'", "import", "nowhere", "--file", "/etc/hostname");
        var environment = new Dictionary<string, string> { ["CAPYD_SOURCE_URL"] = "mysql://u:hidden@db.example.org/x" };
        var other = await Daemon.CommandAsync(environment, "import", project);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("source_url is no PostgreSQL URL", other.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", other.Errors, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(int exitCode, string words, params string[] arguments)
    {
        var result = await Daemon.CommandAsync(arguments);
        Assert.True(result.ExitCode == exitCode, $"{result.ExitCode}: {result.Errors}");
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
    }
}
