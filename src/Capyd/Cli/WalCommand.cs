using System.CommandLine;
using Capyd.Postgres.Wal.Commands;
using Capyd.Wal;

namespace Capyd.Cli;

/// <summary>
/// <c>capyd wal push | fetch</c>, as PostgreSQL calls them. It reads the exit code: of archive_command more than 125 ends its archiver, of
/// restore_command less than 126 means that the archive ends here. So also what is wrong with the arguments has a code of its own.
/// </summary>
internal static class WalCommand
{
    private const string Name = "wal";
    private const string PushName = "push";
    private const string FetchName = "fetch";
    private const string SocketName = "--socket";

    public static Command Build()
    {
        var command = new Command(Name, "WAL files, for archive_command and restore_command.");
        command.Subcommands.Add(Push());
        command.Subcommands.Add(Fetch());
        return command;
    }

    public static bool IsMeant(string[] args) => args is [Name, ..];

    /// <summary>As the server of a recovery calls it, once for each segment: then nothing else of the command line is built.</summary>
    public static bool IsOfSandbox(string[] args) => args is [Name, FetchName, SocketName, _, _, _];

    /// <inheritdoc cref="IsOfSandbox"/>
    public static Task<int> FetchThroughAsync(string[] args) => WalSocketClient.FetchAsync(args[3], args[4], args[5], Complain);

    /// <summary>Runs it; whatever fails, PostgreSQL is told in a way that it understands.</summary>
    public static async Task<int> InvokeAsync(string[] args, ParseResult parsed)
    {
        var failed = args is [_, PushName, ..] ? WalPush.Failed : WalFetch.Failed;
        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? failed : code;
        }
        catch (Exception e)
        {
            // An exit code of the runtime's choice could make PostgreSQL promote.
            await Console.Error.WriteLineAsync($"capyd: {e.Message}");
            return failed;
        }
    }

    private static Command Push()
    {
        var arguments = new ConfigurationArguments();
        var path = new Argument<string>("path") { Description = "%p" };
        var command = new Command(PushName, "Keep a WAL file in the repository: archive_command = 'capyd wal push %p'. Ends with 0 or 1.") { path };
        arguments.AddTo(command, serving: false);
        command.SetAction(async (parsed, cancellation) => arguments.Load(parsed, serving: false) is { } options
            ? await new WalByHand(options).PushAsync(parsed.GetValue(path)!, Complain, cancellation)
            : WalPush.Failed);
        return command;
    }

    private static Command Fetch()
    {
        var arguments = new ConfigurationArguments();
        var name = new Argument<string>("name") { Description = "%f" };
        var destination = new Argument<string>("path") { Description = "%p" };
        var socket = new Option<string?>(SocketName) { Description = "Ask the daemon that listens there, as a recovering server does.", HelpName = "FILE" };
        var command = new Command(FetchName, "Fetch a WAL file from the repository: restore_command = 'capyd wal fetch %f %p'. Ends with 0, 1 (not in the archive) or 255.") { name, destination, socket };
        arguments.AddTo(command, serving: false);
        command.SetAction(async (parsed, cancellation) => parsed.GetValue(socket) is { } daemon
            ? await WalSocketClient.FetchAsync(daemon, parsed.GetValue(name)!, parsed.GetValue(destination)!, Complain)
            : arguments.Load(parsed, serving: false) is { } options
            ? await new WalByHand(options).FetchAsync(parsed.GetValue(name)!, parsed.GetValue(destination)!, Complain, cancellation)
            : WalFetch.Failed);
        return command;
    }

    private static void Complain(string problem) => Console.Error.WriteLine($"capyd: {problem}");
}
