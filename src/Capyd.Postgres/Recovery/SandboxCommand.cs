using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Recovery;

/// <summary>The command line of a sandbox's server: it gives way to everything else on the machine, and dies first.</summary>
internal static class SandboxCommand
{
    private static readonly string[][] Modest =
    [
        ["/usr/bin/choom", "-n", "500", "--"],
        ["/usr/bin/ionice", "-c", "2", "-n", "7", "-t"],
        ["/usr/bin/nice", "-n", "10"],
    ];

    public static ToolCommand Of(SandboxLayout layout, PostgresInstallation installation, SandboxSettings settings)
    {
        var server = installation.PathOf("postgres");
        IReadOnlyList<string> all =
        [
            .. Modest.Where(static words => File.Exists(words[0])).SelectMany(static words => words),
            .. settings.Walls?.Before(layout, server) ?? [],
            server, "-D", layout.Data, "-c", $"config_file={SandboxConfiguration.MainFile(layout)}",
        ];
        return new ToolCommand(all[0], [.. all.Skip(1)])
        {
            RunAs = settings.ToolUser, Environment = settings.Environment, DiesWithParent = settings.Walls is not null,
        };
    }
}
