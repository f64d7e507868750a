using System.CommandLine;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Storage.ApiKeys;
using Capyd.Storage.Organizations;
using Capyd.Storage.Projects;

namespace Capyd.Cli;

/// <summary><c>capyd keys create | list | revoke</c>: works on the metadata itself, beside a running daemon.</summary>
internal static class KeysCommand
{
    public static Command Build()
    {
        var command = new Command("keys", "API keys.");
        command.Subcommands.Add(Create());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Revoke());
        return command;
    }

    private static Command Create()
    {
        var arguments = new ConfigurationArguments();
        var name = new Option<string>("--name") { Description = "What the key is for.", Required = true };
        var scopes = new Option<string>("--scopes") { Description = "Scopes, joined by commas; default *, all of them.", DefaultValueFactory = _ => Scopes.Everything };
        var project = new Option<string?>("--project") { Description = "Bind the key to one project, by id or slug." };
        var days = new Option<int?>("--expires-in-days") { Description = "Days until the key expires; default never." };
        var command = new Command("create", "Make a key and print it alone on standard output. It is shown this once.") { name, scopes, project, days };
        arguments.AddTo(command, serving: false);
        command.SetAction((parsed, cancellation) => OperatorMetadata.RunAsync(arguments.LoadAsOwner(parsed), async (metadata, _) =>
        {
            var asked = parsed.GetValue(scopes)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var expiry = parsed.GetValue(days) is { } count ? TimeProvider.System.GetUtcNow().AddDays(count) : (DateTimeOffset?)null;
            var token = await metadata.WriteAsync(tx => Store(tx, parsed.GetValue(name), asked, parsed.GetValue(project), expiry), cancellation);
            Console.Out.WriteLine(token.Plaintext);
            return ExitCode.Good;
        }));
        return command;
    }

    private static ApiKeyToken Store(MetadataTransaction tx, string? name, string[] scopes, string? project, DateTimeOffset? expiry)
    {
        var now = TimeProvider.System.GetUtcNow();
        var bound = project is null ? null : FindProject(tx, project);
        var organization = bound?.OrganizationId ?? OrganizationStore.First(tx)!.Id;
        var (row, token) = new CreateApiKey(organization, name, scopes, bound?.Id, null, expiry).Prepare(now);
        ApiKeyStore.Insert(tx, row);
        AuditTrail.AppendOperator(tx, organization, "api_key.created", bound?.Id, now, new AuditDetail(ApiKeyId: row.Id.ToString()));
        return token;
    }

    /// <summary>A live project by id or slug.</summary>
    public static ProjectRow FindProject(MetadataSession session, string idOrSlug) =>
        ProjectStore.ListAllLive(session).FirstOrDefault(row => row.Id.ToString() == idOrSlug || row.Slug == idOrSlug)
        ?? throw new CapydException(ErrorCode.NotFound, $"there is no project '{idOrSlug}'");

    private static Command List()
    {
        var arguments = new ConfigurationArguments();
        var command = new Command("list", "List the keys; their secrets are not kept.");
        arguments.AddTo(command, serving: false);
        command.SetAction((parsed, _) => OperatorMetadata.RunAsync(arguments.LoadAsOwner(parsed), (metadata, _) =>
        {
            Console.Out.WriteLine($"{"ID",-26}{"PREFIX",-18}{"STATE",-10}{"SCOPES",-24}NAME");
            foreach (var row in metadata.Read(ApiKeyStore.ListAll))
            {
                var state = row.RevokedAt is not null ? "revoked" : row.ExpiresAt <= TimeProvider.System.GetUtcNow() ? "expired" : "active";
                Console.Out.WriteLine($"{row.Id,-26}{row.KeyPrefix,-18}{state,-10}{string.Join(',', row.Scopes),-24}{row.Name}");
            }

            return Task.FromResult(ExitCode.Good);
        }));
        return command;
    }

    private static Command Revoke()
    {
        var arguments = new ConfigurationArguments();
        var id = new Argument<string>("key") { Description = "The key's id or the prefix that the list shows." };
        var command = new Command("revoke", "End a key at once.") { id };
        arguments.AddTo(command, serving: false);
        command.SetAction((parsed, cancellation) => OperatorMetadata.RunAsync(arguments.LoadAsOwner(parsed), async (metadata, _) =>
        {
            await metadata.WriteAsync(tx => RevokeOne(tx, parsed.GetValue(id)!), cancellation);
            Console.Out.WriteLine("revoked");
            return ExitCode.Good;
        }));
        return command;
    }

    private static void RevokeOne(MetadataTransaction tx, string idOrPrefix)
    {
        var found = ApiKeyStore.ListAll(tx).Where(row => row.Id.ToString() == idOrPrefix || row.KeyPrefix == idOrPrefix).ToList();
        if (found.Count != 1)
        {
            throw new CapydException(ErrorCode.NotFound, found.Count == 0 ? $"there is no key '{idOrPrefix}'" : $"more than one key has the prefix '{idOrPrefix}'; give the id");
        }

        var now = TimeProvider.System.GetUtcNow();
        if (ApiKeyStore.Revoke(tx, found[0].Id, now))
        {
            AuditTrail.AppendOperator(tx, found[0].OrganizationId, "api_key.revoked", found[0].ProjectId, now, new AuditDetail(ApiKeyId: found[0].Id.ToString()));
        }
    }
}
