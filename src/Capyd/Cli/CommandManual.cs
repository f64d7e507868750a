using System.CommandLine;

namespace Capyd.Cli;

/// <summary>capyd(1), from the tree of commands.</summary>
internal static class CommandManual
{
    private static readonly (string Code, string Meaning)[] ExitCodes =
    [
        ("0", "done; for doctor: nothing fails, though there may be warnings"),
        ("1", "failed: the job, the request, a check of doctor, or nobody answered"),
        ("2", "the command line or the configuration is wrong"),
        ("3", "no credential, or one that may not"),
        ("4", "not found"),
        ("5", "in conflict with something under way, or in the wrong state"),
        ("6", "out of time"),
        ("7", "of repository and recover: something that was kept is missing or altered"),
        ("130", "interrupted; a job goes on"),
    ];

    public static string Format(RootCommand root) =>
        Roff.Title("CAPYD", 1) + Roff.Section("NAME") + "capyd \\- databases with proven backups on one PostgreSQL server\n"
        + Roff.Section("SYNOPSIS") + ".B capyd\n.I command\n.RI [ arguments ]\n"
        + Roff.Section("DESCRIPTION") + Roff.Text(
            "The daemon (capyd serve, run by the service capyd) manages databases, roles, backups and restores of one PostgreSQL server behind a REST API. "
            + "The other commands are for the operator on the host: they speak to the daemon over its Unix socket, or work on its files.")
        + Roff.Section("COMMANDS") + string.Concat(Leaves(root, "capyd").Select(leaf => Describe(leaf.Name, leaf.Command)))
        + Roff.Section("EXIT STATUS") + string.Concat(ExitCodes.Select(code => Roff.Tagged(code.Code, code.Meaning)))
        + Roff.Section("SIGNALS") + Roff.Tagged("SIGHUP", "Read the configuration again; the log says what was taken and what wants a restart.")
        + Roff.Tagged("SIGTERM", "Stop: running jobs come to a safe point and go on after the next start.")
        + Roff.Section("ENVIRONMENT") + Roff.Tagged("CAPYD_API_URL, CAPYD_API_KEY", "Another host's API, and a key for it.")
        + Roff.Tagged("CAPYD_*", "Every option of the configuration, see capyd.yaml(5).")
        + Roff.Section("FILES") + Roff.Tagged(ConfigurationLoader.DefaultFile, "The configuration.")
        + Roff.Tagged("/var/lib/capyd", "Metadata, key, and by default the repository of backups.")
        + Roff.Tagged("/run/capyd/capyd.sock", "The API for operators on the host.")
        + Roff.Tagged("/usr/share/doc/capyd/operations", "Pages for operators, from the installation to a lost host.")
        + Roff.Section("SEE ALSO") + ".BR capyd.yaml (5),\n.BR pg_dump (1),\n.BR systemctl (1)\n";

    private static IEnumerable<(string Name, Command Command)> Leaves(Command command, string name) => command.Subcommands
        .Where(child => !child.Hidden)
        .SelectMany(child => child.Subcommands.Count > 0 ? Leaves(child, $"{name} {child.Name}") : [($"{name} {child.Name}", child)]);

    private static string Describe(string name, Command command)
    {
        var arguments = string.Concat(command.Arguments.Select(argument => $" {argument.Name.ToUpperInvariant()}"));
        var options = command.Options.Where(option => !option.Hidden && option.Name.StartsWith("--", StringComparison.Ordinal) && option.Name is not ("--help" or "--version")).ToList();
        var inner = string.Concat(options.Select(option => Roff.Tagged(option.Name + ValueOf(option), option.Description ?? "")));
        return Roff.Tagged(name + arguments, command.Description ?? "") + (inner.Length == 0 ? "" : ".RS\n" + inner + ".RE\n");
    }

    private static string ValueOf(Option option) => option.HelpName is { } value ? $" {value}" : option.ValueType == typeof(bool) ? "" : " VALUE";
}
