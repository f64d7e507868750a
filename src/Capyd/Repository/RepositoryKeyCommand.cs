using System.CommandLine;
using Capyd.Cli;
using Capyd.Storage.Repository.Sealing;

namespace Capyd.Repository;

/// <summary><c>capyd repository key new | init | list | rotate | rewrap</c>: the keys of an encrypted repository.</summary>
internal static class RepositoryKeyCommand
{
    public static Command Build()
    {
        var command = new Command("key", "The keys of an encrypted repository.");
        command.Subcommands.Add(New());
        command.Subcommands.Add(Sub("init", "Encrypt from now on what is written. The daemon must be stopped; what is there stays readable as it is.", static (keys, cancellation) => keys.InitAsync(cancellation)));
        command.Subcommands.Add(Sub("list", "The data keys, and whether the configured key opens them all.", static (keys, cancellation) => keys.ListAsync(cancellation)));
        command.Subcommands.Add(Sub("rotate", "Make a new data key for what is written from now on.", static (keys, cancellation) => keys.RotateAsync(cancellation)));
        command.Subcommands.Add(Rewrap());
        return command;
    }

    private static Command New()
    {
        var command = new Command("new", "Print a new key, for a key file. Nothing else prints a secret.");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine(MasterKeyFile.NewKeyText());
            Console.Error.WriteLine("Keep a copy of it off this host and apart from the repository: without it, nothing in the repository can ever be read.");
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Rewrap()
    {
        var key = new Option<string?>("--new-key-file") { Description = "The new key file.", HelpName = "FILE" };
        var passphrase = new Option<string?>("--new-passphrase-file") { Description = "A file with a passphrase instead.", HelpName = "FILE" };
        var arguments = new ConfigurationArguments();
        var command = new Command("rewrap", "Let another key file or passphrase open the repository, and the configured one no more.") { key, passphrase };
        arguments.AddTo(command, serving: false);
        command.SetAction((parsed, cancellation) => RunAsync(arguments.LoadAsOwner(parsed), (keys, token) => keys.RewrapAsync(Next(parsed.GetValue(key), parsed.GetValue(passphrase)), token), cancellation));
        return command;
    }

    private static MasterKeyFile Next(string? key, string? passphrase) => (key, passphrase) switch
    {
        ({ } file, null) => MasterKeyFile.OfKey(Path.GetFullPath(file)),
        (null, { } file) => MasterKeyFile.OfPassphrase(Path.GetFullPath(file)),
        _ => throw CapydException.Invalid("give one of --new-key-file and --new-passphrase-file", "capyd repository key new > FILE makes a key file"),
    };

    private static Command Sub(string name, string description, Func<RepositoryKeyring, CancellationToken, Task<string>> work)
    {
        var arguments = new ConfigurationArguments();
        var command = new Command(name, description);
        arguments.AddTo(command, serving: false);
        command.SetAction((parsed, cancellation) => RunAsync(arguments.LoadAsOwner(parsed), work, cancellation));
        return command;
    }

    private static Task<int> RunAsync(CapydOptions? options, Func<RepositoryKeyring, CancellationToken, Task<string>> work, CancellationToken cancellation) => options is null
        ? Task.FromResult(ExitCode.Usage)
        : RepositoryWork.RunAsync(async () =>
        {
            Console.Out.WriteLine(await work(new RepositoryKeyring(new RepositoryPlace(options)), cancellation));
            return ExitCode.Good;
        });
}
