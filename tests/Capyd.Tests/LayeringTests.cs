using System.Text.RegularExpressions;

namespace Capyd.Tests;

/// <summary>Who may use whom, kept as data; the arrows of docs/ARCHITECTURE.md.</summary>
public sealed partial class LayeringTests
{
    /// <summary>Folders of src/Capyd and the sibling folders that they may name. Every folder may name Configuration, Errors and Hosting.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Approvals"] = ["Audit", "Auth", "Projects"],
        ["Archives"] = ["Cluster", "Jobs"],
        ["Audit"] = ["Auth", "Projects"],
        ["Auth"] = ["Audit", "Projects"],
        ["Backups"] = ["Archives", "Audit", "Auth", "Cluster", "Jobs", "Projects"],
        ["Cli"] = ["Approvals", "Audit", "Auth", "Client", "Doctor", "LoginSessions", "OffHost", "Repository", "Service", "Wal"],
        ["Cluster"] = ["Auth"],
        ["Configuration"] = [],
        ["Errors"] = [],
        ["Jobs"] = ["Audit", "Auth", "Cluster", "Projects"],
        ["Previews"] = ["Archives", "Audit", "Auth", "Cluster", "Jobs", "Projects", "Recovery", "Scheduling"],
        ["Projects"] = ["Approvals", "Audit", "Auth", "Backups", "Cluster", "Jobs", "Pooling", "Wal"],
        ["Restores"] = ["Approvals", "Archives", "Audit", "Auth", "Cluster", "Jobs", "Previews", "Projects", "Recovery"],
        ["Scheduling"] = ["Cluster"],
        ["Network"] = [],
        ["LoginSessions"] = ["Audit", "Auth"],
        ["Webhooks"] = ["Alerts", "Audit", "Auth", "Jobs", "Network", "Projects"],
        ["Alerts"] = ["Audit", "Auth", "Projects"],
        ["DataAccess"] = ["Audit", "Auth", "Cluster", "Previews", "Projects"],
        ["Observability"] = ["Auth", "Cluster", "Projects"],
        ["Limits"] = ["Alerts", "Audit", "Auth", "Cluster", "Projects"],
        ["Extensions"] = ["Audit", "Auth", "Cluster", "Jobs", "Projects"],
        ["RestorePoints"] = ["Audit", "Auth", "Cluster", "Projects", "Recovery"],
        ["Exports"] = ["Audit", "Auth", "Cluster", "Jobs", "Projects"],
        ["Client"] = ["Cli"],
        ["Pooling"] = ["Cluster", "Jobs"],
        ["Service"] = ["Cluster"],
        ["Doctor"] = ["Archives", "Auth", "Cli", "Client", "Cluster", "OffHost"],
        ["Imports"] = ["Archives", "Audit", "Auth", "Cluster", "Extensions", "Jobs", "Network", "Projects", "Restores"],
        ["Repository"] = ["Archives", "BaseBackups", "Cli", "Cluster", "OffHost", "Wal"],
        ["Wal"] = ["Alerts", "Cluster", "OffHost"],
        ["Recovery"] = ["Archives", "Auth", "BaseBackups", "Cluster", "Jobs", "OffHost", "Projects", "Wal"],
        ["BaseBackups"] = ["Audit", "Auth", "Cluster", "Jobs", "Projects", "Scheduling", "Wal"],
        ["Retention"] = ["Audit", "Auth", "BaseBackups", "Scheduling", "Wal"],
        ["Drills"] = ["Alerts", "Archives", "Audit", "Auth", "BaseBackups", "Cluster", "Jobs", "Projects", "Recovery", "Scheduling", "Wal"],
        ["Metrics"] = ["Auth", "BaseBackups", "Cluster", "Jobs", "Wal"],
        ["OffHost"] = ["Alerts", "Cluster", "Metrics"],
    };

    private static readonly string[] Everywhere = ["Configuration", "Errors", "Hosting"];

    [Fact]
    public void Each_folder_of_the_daemon_names_only_the_folders_it_may()
    {
        var root = Path.Combine(RepositoryRoot.Path, "src/Capyd");
        var wrong = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => file.Contains('/') && !file.StartsWith("obj/") && !file.StartsWith("bin/") && !file.StartsWith("Hosting/"))
            .SelectMany(file => Uses(Path.Combine(root, file)).Select(used => (Folder: file.Split('/')[0], File: file, Used: used)))
            .Where(use => use.Used != use.Folder && !Everywhere.Contains(use.Used) && !Allowed[use.Folder].Contains(use.Used))
            .Select(use => $"{use.File} uses Capyd.{use.Used}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_two_leaves_do_not_know_each_other_nor_the_daemon()
    {
        foreach (var (leaf, other) in new[] { ("Capyd.Storage", "Capyd.Postgres"), ("Capyd.Postgres", "Capyd.Storage") })
        {
            var root = Path.Combine(RepositoryRoot.Path, "src", leaf);
            var project = File.ReadAllText(Path.Combine(root, leaf + ".csproj"));
            Assert.DoesNotContain("ProjectReference", project);
            var sources = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/"));
            Assert.DoesNotContain(sources, file => File.ReadAllText(file).Contains($"using {other}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Only_the_sqlite_folder_names_the_sqlite_provider()
    {
        var root = Path.Combine(RepositoryRoot.Path, "src/Capyd.Storage");
        var naming = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/") && File.ReadAllText(file).Contains("Microsoft.Data.Sqlite", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(root, file).Split('/')[0]).Distinct();
        Assert.Equal(["Sqlite"], naming);
    }

    private static IEnumerable<string> Uses(string file) =>
        Using().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Where(name => Allowed.ContainsKey(name)).Distinct();

    [GeneratedRegex(@"^using Capyd\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
