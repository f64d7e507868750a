using System.CommandLine;

namespace Capyd.Client;

/// <summary>Everything that the command line does through the API.</summary>
internal static class ClientCommands
{
    public static IEnumerable<Command> Build() =>
    [
        StatusCommand.Build(), ProjectCommands.Build(), PreviewCommands.Build(), BackupCommands.Build(), RestoreCommand.Build(), ImportCommand.Build(),
        JobCommands.Build(), CompletionCommand.Build(), DrillCommand.Build(),
    ];
}
