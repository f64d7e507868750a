using System.CommandLine;

namespace Capyd.Cli;

/// <summary>The commands of the one binary.</summary>
internal static class CommandLine
{
    public static RootCommand Build()
    {
        var root = new RootCommand("capyd turns one PostgreSQL server into a small database platform with proven backups.");
        root.Subcommands.Add(ServeCommand.Build());
        root.Subcommands.Add(CheckConfigCommand.Build());
        root.Subcommands.Add(KeysCommand.Build());
        root.Subcommands.Add(ApproveCommand.Build());
        root.Subcommands.Add(VersionCommand());
        return root;
    }

    private static Command VersionCommand()
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(_ => Console.Out.WriteLine(CapydVersion.Text));
        return command;
    }
}
