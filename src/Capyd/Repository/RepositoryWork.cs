using Capyd.Cli;
using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Chunks;
using Capyd.Storage.Repository.Sealing;

namespace Capyd.Repository;

/// <summary>Runs a command on the repository and turns what goes wrong into a line and an exit code.</summary>
internal static class RepositoryWork
{
    /// <summary>Something that was stored is missing or altered.</summary>
    public const int Damaged = 7;

    /// <summary>Somebody else is at work on it, or the target is not empty.</summary>
    public const int Conflict = 5;

    public static async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (CapydException e)
        {
            return Say($"{e.Message}{(e.Hint is null ? "" : $" ({e.Hint})")}", e.Code.Status switch { 404 => ExitCode.Missing, 409 => Conflict, 400 => ExitCode.Usage, _ => ExitCode.Failed });
        }
        catch (RepositoryBusyException e)
        {
            return Say(e.Message, Conflict);
        }
        catch (Exception e) when (e is RepositoryDamagedException or WalRejectedException or InvalidDataException or ObjectMissingException)
        {
            return Say(e.Message, Damaged);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MetadataException or ToolFailedException or ToolMissingException or BaseBackupFailedException or RepositoryKeyException)
        {
            return Say(e.Message, ExitCode.Failed);
        }
        catch (OperationCanceledException)
        {
            return Say("interrupted", ExitCode.Failed);
        }
    }

    private static int Say(string message, int code)
    {
        Console.Error.WriteLine($"capyd: {message}");
        return code;
    }
}
