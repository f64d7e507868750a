using System.CommandLine;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary>A command that calls the API. The one place where what goes wrong becomes a line and an exit code.</summary>
internal static class ClientCommand
{
    public static Command New(string name, string description, IEnumerable<Symbol> symbols, Func<ClientSession, Task<int>> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            Add(command, symbol);
        }

        var arguments = new ClientArguments();
        arguments.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, arguments, run, cancellation));
        return command;
    }

    public static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Subcommands.Add(command);
        }

        return group;
    }

    private static void Add(Command command, Symbol symbol)
    {
        if (symbol is Argument argument)
        {
            command.Arguments.Add(argument);
        }
        else
        {
            command.Options.Add((Option)symbol);
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, ClientArguments arguments, Func<ClientSession, Task<int>> run, CancellationToken cancellation)
    {
        try
        {
            if (arguments.Address(parsed) is not { } address)
            {
                return ExitCode.Usage;
            }

            using var api = new ApiClient(address);
            return await run(new ClientSession(api, parsed, arguments.Json(parsed), cancellation));
        }
        catch (ApiRefusedException e)
        {
            return Tell(e.Message, e.Hint, ClientExit.Of(e.Status));
        }
        catch (CapydException e)
        {
            return Tell(e.Message, e.Hint, e.Code == ErrorCode.InvalidRequest ? ExitCode.Usage : ClientExit.Of(e.Code.Status));
        }
        catch (ApiUnreachableException e)
        {
            return Tell(e.Message, null, e.Late ? ClientExit.Late : ExitCode.Failed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            return Tell(e.Message, null, ExitCode.Failed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ClientExit.Interrupted;
        }
    }

    private static int Tell(string message, string? hint, int code)
    {
        Console.Error.WriteLine($"capyd: {TextTable.Printable(message)}{(hint is null ? "" : $" ({TextTable.Printable(hint)})")}");
        return code;
    }
}
