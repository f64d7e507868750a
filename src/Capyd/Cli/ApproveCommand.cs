using System.CommandLine;
using Capyd.Approvals;
using Capyd.Audit;
using Capyd.Storage.Approvals;

namespace Capyd.Cli;

/// <summary><c>capyd approve PROJECT ACTION</c>: the approval that only a person may give, printed alone on standard output.</summary>
internal static class ApproveCommand
{
    public static Command Build()
    {
        var arguments = new ConfigurationArguments();
        var project = new Argument<string>("project") { Description = "The project's id or slug." };
        var action = new Argument<string>("action") { Description = string.Join(" or ", Approval.Actions) + "." };
        var command = new Command("approve", "Approve one action on one project, once, within ten minutes.") { project, action };
        arguments.AddTo(command, serving: false);
        command.SetAction((parsed, cancellation) => OperatorMetadata.RunAsync(arguments.LoadAsOwner(parsed), async (metadata, _) =>
        {
            var token = await metadata.WriteAsync(tx => Store(tx, parsed.GetValue(project)!, parsed.GetValue(action)!), cancellation);
            Console.Out.WriteLine(token);
            return ExitCode.Good;
        }));
        return command;
    }

    private static string Store(MetadataTransaction tx, string projectName, string action)
    {
        action = Approval.Known(action);
        var now = TimeProvider.System.GetUtcNow();
        var project = KeysCommand.FindProject(tx, projectName);
        var (token, row) = Approval.Mint(project.Id, action, now);
        ApprovalStore.Insert(tx, row);
        AuditTrail.AppendOperator(tx, project.OrganizationId, "approval.minted", project.Id, now, new AuditDetail(Name: action));
        return token;
    }
}
