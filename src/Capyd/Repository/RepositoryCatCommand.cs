using System.CommandLine;
using Capyd.Cli;
using Capyd.Storage.Repository;

namespace Capyd.Repository;

/// <summary><c>capyd repository cat NAME</c>: an object as it was written, decrypted where the repository is encrypted.</summary>
internal static class RepositoryCatCommand
{
    private const int Buffer = 1 << 20;

    public static Command Build()
    {
        var name = new Argument<string>("name") { Description = "Such as backups/PROJECT/TIME-ID.dump.zst." };
        var arguments = new ConfigurationArguments();
        var command = new Command("cat", "Write an object to standard output, decrypted: capyd repository cat backups/….dump.zst | zstd -dc | pg_restore …") { name };
        arguments.AddTo(command, serving: false);
        command.SetAction((parsed, cancellation) => arguments.LoadAsOwner(parsed) is { } options
            ? RepositoryWork.RunAsync(() => RunAsync(new RepositoryPlace(options), parsed.GetValue(name)!, cancellation))
            : Task.FromResult(ExitCode.Usage));
        return command;
    }

    private static async Task<int> RunAsync(RepositoryPlace place, string text, CancellationToken cancellation)
    {
        if (!ObjectName.TryParse(text, out var name))
        {
            throw CapydException.Invalid($"'{text}' is not the name of an object", "give it as the API tells it (backup_key) or as it lies in the repository, without a leading slash");
        }

        using var repository = await place.Opener.OpenKeptAsync(cancellation);
        if (!await repository.Store.ExistsAsync(name, cancellation))
        {
            throw CapydException.NotFound($"object {name}");
        }

        await using var content = await repository.Store.OpenReadAsync(name, cancellation);
        await using var output = Console.OpenStandardOutput();
        await content.CopyToAsync(output, Buffer, cancellation);
        return ExitCode.Good;
    }
}
