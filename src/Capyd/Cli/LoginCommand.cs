using System.CommandLine;
using Capyd.Auth;
using Capyd.LoginSessions;
using Capyd.Storage.LoginSessions;
using Capyd.Storage.Organizations;

namespace Capyd.Cli;

/// <summary><c>capyd login approve SESSION</c>: a person on the host lets a waiting machine have its key.</summary>
internal static class LoginCommand
{
    public static Command Build()
    {
        var command = new Command("login", "Logins of machines that wait for a person.");
        command.Subcommands.Add(Approve());
        return command;
    }

    private static Command Approve()
    {
        var arguments = new ConfigurationArguments();
        var session = new Argument<string>("session") { Description = "The session that the waiting machine shows, cli_…" };
        var organization = new Option<string?>("--organization") { Description = "Whose key it will be, by id or slug; default the first organization." };
        var command = new Command("approve", "Let the machine that waits on this session collect its key.") { session, organization };
        arguments.AddTo(command, serving: false);
        command.SetAction((parsed, cancellation) => OperatorMetadata.RunAsync(arguments.LoadAsOwner(parsed), async (metadata, _) =>
        {
            var row = await metadata.WriteAsync(tx => Store(tx, parsed.GetValue(session), parsed.GetValue(organization)), cancellation);
            Console.Out.WriteLine($"authorized: key '{row.KeyName}' with {string.Join(",", row.Scopes)}, for {row.DeviceName ?? "a device that did not say its name"}");
            return ExitCode.Good;
        }));
        return command;
    }

    private static LoginSessionRow Store(MetadataTransaction tx, string? session, string? organization)
    {
        var rows = OrganizationStore.List(tx);
        var owner = organization is null ? rows[0] : rows.FirstOrDefault(row => row.Id.ToString() == organization || row.Slug == organization);
        var principal = new Principal(
            owner?.Id ?? throw new CapydException(ErrorCode.NotFound, $"there is no organization '{organization}'"), [Scopes.Everything], null,
            new Actor("operator", Environment.UserName));
        return AuthorizeLogin.Run(tx, principal, session, TimeProvider.System.GetUtcNow());
    }
}
