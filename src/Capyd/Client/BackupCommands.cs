using System.CommandLine;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary><c>capyd backups …</c></summary>
internal static class BackupCommands
{
    public static Command Build() => ClientCommand.Group("backups", "Backups of a project.", List(), Create());

    private static Command List()
    {
        var project = ProjectCommands.Named();
        return ClientCommand.New("list", "List the backups, newest first.", [project], async session =>
        {
            var id = await Lookup.ProjectIdAsync(session, session.Parsed.GetValue(project)!);
            var answer = await session.Api.GetAsync($"v1/projects/{id}/backups", session.Cancellation);
            session.Show(answer, () => TextTable.Format(
                ["CREATED (UTC)", "STATE", "PROOF", "SIZE", "LABEL", "KEY"],
                answer.List("backups").Select(one => (IReadOnlyList<string>)[one.Time("created_at"), one.Text("state"), one.Text("verification_state"), one.Size("size_bytes"), one.Text("label"), one.Text("backup_key")])));
            return ExitCode.Good;
        });
    }

    private static Command Create()
    {
        var project = ProjectCommands.Named();
        var label = new Option<string?>("--label") { Description = "What it is for." };
        var (noWait, timeout) = (JobFollower.NoWait(), JobFollower.Timeout());
        return ClientCommand.New("create", "Take a backup and prove it.", [project, label, noWait, timeout], async session =>
        {
            var id = await Lookup.ProjectIdAsync(session, session.Parsed.GetValue(project)!);
            var answer = await session.Api.PostAsync($"v1/projects/{id}/backups", RequestBody.Of(("label", session.Parsed.GetValue(label))), session.Cancellation);
            return await JobFollower.FinishAsync(session, answer, noWait, timeout);
        });
    }
}
