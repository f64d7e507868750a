using System.CommandLine;

namespace Capyd.Cli;

internal static class ServeCommand
{
    public static Command Build()
    {
        var arguments = new ConfigurationArguments();
        var command = new Command("serve", "Run the daemon in the foreground until SIGTERM.");
        arguments.AddTo(command, serving: true);
        command.SetAction(async (parsed, _) => arguments.Load(parsed, serving: true) is { } options
            ? await ServeAsync(options, new ConfigurationSource(() => arguments.Read(parsed, serving: true))) : ExitCode.Usage);
        return command;
    }

    private static async Task<int> ServeAsync(CapydOptions options, ConfigurationSource source)
    {
        try
        {
            return await Daemon.RunAsync(options, source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MetadataException or InvalidDataException or Storage.Repository.Sealing.RepositoryKeyException)
        {
            await Console.Error.WriteLineAsync($"capyd: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
