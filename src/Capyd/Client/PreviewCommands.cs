using System.CommandLine;
using System.Text.Json;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary><c>capyd previews …</c></summary>
internal static class PreviewCommands
{
    private const string Path = "v1/preview-databases";

    public static Command Build() => ClientCommand.Group(
        "previews", "Previews: throw-away copies of a project's database.", List(), Create(),
        OnOne("reset", "Copy the project again, or empty it again.", (session, id) => session.Api.PostAsync($"{Path}/{id}/reset", null, session.Cancellation)),
        Extend(), OnOne("delete", "Delete a preview.", (session, id) => session.Api.DeleteAsync($"{Path}/{id}", session.Cancellation)), Url());

    private static Command List()
    {
        var project = ProjectCommands.Named();
        return ClientCommand.New("list", "List the previews of a project.", [project], async session =>
        {
            var id = await Lookup.ProjectIdAsync(session, session.Parsed.GetValue(project)!);
            var answer = await session.Api.GetAsync($"v1/projects/{id}/preview-databases", session.Cancellation);
            session.Show(answer, () => TextTable.Format(
                ["ID", "STATE", "MODE", "UNTIL (UTC)", "DATABASE", "NAME"],
                answer.List("preview_databases").Select(one => (IReadOnlyList<string>)[one.Text("id"), one.Text("state"), one.Text("mode"), one.Time("ttl_expires_at"), one.Text("database_name"), one.Text("name")])));
            return ExitCode.Good;
        });
    }

    private static Command Create()
    {
        var project = ProjectCommands.Named();
        var name = new Option<string?>("--name") { Description = "Its name; default one that capyd makes." };
        var mode = new Option<string?>("--mode") { Description = "clone (the default) or empty." };
        var ttl = TtlHours(required: false);
        var (noWait, timeout) = (JobFollower.NoWait(), JobFollower.Timeout());
        return ClientCommand.New("create", "Make a preview of a project.", [project, name, mode, ttl, noWait, timeout], async session =>
        {
            var id = await Lookup.ProjectIdAsync(session, session.Parsed.GetValue(project)!);
            var body = RequestBody.Of(("name", session.Parsed.GetValue(name)), ("mode", session.Parsed.GetValue(mode)), ("ttl_hours", session.Parsed.GetValue(ttl)));
            var answer = await session.Api.PostAsync($"v1/projects/{id}/preview-databases", body, session.Cancellation);
            session.Say($"preview {answer.Object("preview").Text("name")} ({answer.Object("preview").Text("id")})");
            return await JobFollower.FinishAsync(session, answer, noWait, timeout);
        });
    }

    private static Command Extend()
    {
        var (preview, project, ttl) = (Named(), OfProject(), TtlHours(required: true));
        return ClientCommand.New("extend", "Let a preview live that long from now.", [preview, project, ttl], async session =>
        {
            var id = await FindAsync(session, preview, project);
            var answer = await session.Api.PostAsync($"{Path}/{id}/extend", RequestBody.Of(("ttl_hours", session.Parsed.GetValue(ttl))), session.Cancellation);
            session.Show(answer, () => $"until {answer.Object("preview").Time("ttl_expires_at")} UTC\n");
            return ExitCode.Good;
        });
    }

    private static Command Url()
    {
        var (preview, project, pooled) = (Named(), OfProject(), ConnectionUrl.Pooled());
        return ClientCommand.New("url", "Print the connection URL, with its password.", [preview, project, pooled], async session =>
            await ConnectionUrl.ShowAsync(session, $"{Path}/{await FindAsync(session, preview, project)}/connections", pooled));
    }

    private static Command OnOne(string name, string description, Func<ClientSession, string, Task<JsonElement>> call)
    {
        var (preview, project) = (Named(), OfProject());
        var (noWait, timeout) = (JobFollower.NoWait(), JobFollower.Timeout());
        return ClientCommand.New(name, description, [preview, project, noWait, timeout], async session =>
            await JobFollower.FinishAsync(session, await call(session, await FindAsync(session, preview, project)), noWait, timeout));
    }

    private static async Task<string> FindAsync(ClientSession session, Argument<string> preview, Option<string?> project) =>
        (await Lookup.PreviewAsync(session, session.Parsed.GetValue(preview)!, session.Parsed.GetValue(project))).Text("id");

    private static Argument<string> Named() => new("preview") { Description = "Id or name." };

    private static Option<string?> OfProject() => new("--project") { Description = "The project that it belongs to, when two have one of that name." };

    private static Option<int?> TtlHours(bool required) => new("--ttl-hours") { Description = "1 to 168 hours.", HelpName = "HOURS", Required = required };
}
