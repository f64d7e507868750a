using System.CommandLine;
using Capyd.Client;
using Capyd.Doctor;
using Capyd.Repository;

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
        root.Subcommands.Add(LoginCommand.Build());
        root.Subcommands.Add(VersionCommand());
        root.Subcommands.Add(RecoverCommand.Build());
        root.Subcommands.Add(RepositoryCommand.Build());
        root.Subcommands.Add(WalCommand.Build());
        root.Subcommands.Add(DoctorCommand.Build());
        root.Subcommands.Add(ManualCommand.Build(root));
        foreach (var command in ClientCommands.Build())
        {
            root.Subcommands.Add(command);
        }

        HideForeignAliases(root);
        return root;
    }

    /// <summary>/h and /? belong to another operating system, and completion would offer them.</summary>
    private static void HideForeignAliases(RootCommand root)
    {
        foreach (var option in root.Options)
        {
            foreach (var alias in option.Aliases.Where(alias => alias.StartsWith('/')).ToList())
            {
                option.Aliases.Remove(alias);
            }
        }
    }

    private static Command VersionCommand()
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(_ => Console.Out.WriteLine(CapydVersion.Text));
        return command;
    }
}
