using System.CommandLine;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary><c>capyd projects …</c></summary>
internal static class ProjectCommands
{
    public static Command Build() => ClientCommand.Group("projects", "Projects: one database each, with its role.", List(), Show(), Create(), Delete(), Url());

    public static Argument<string> Named() => new("project") { Description = "Id, slug or name." };

    private static Command List() => ClientCommand.New("list", "List the projects.", [], async session =>
    {
        var answer = await session.Api.GetAsync("v1/projects", session.Cancellation);
        session.Show(answer, () => TextTable.Format(
            ["ID", "SLUG", "STATE", "ENVIRONMENT", "DATABASE", "NAME"],
            answer.List("projects").Select(one => (IReadOnlyList<string>)[one.Text("id"), one.Text("slug"), one.Text("state"), one.Text("environment"), one.Text("database_name"), one.Text("name")])));
        return ExitCode.Good;
    });

    private static Command Show()
    {
        var named = Named();
        return ClientCommand.New("show", "Show a project.", [named], async session =>
        {
            var id = await Lookup.ProjectIdAsync(session, session.Parsed.GetValue(named)!);
            var answer = await session.Api.GetAsync($"v1/projects/{id}", session.Cancellation);
            session.Show(answer, () => TextTable.Format(answer.Object("project").EnumerateObject().Select(field => (field.Name, answer.Object("project").Text(field.Name)))));
            return ExitCode.Good;
        });
    }

    private static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Display name." };
        var slug = new Option<string?>("--slug") { Description = "Short name; default derived from the name." };
        var environment = new Option<string?>("--environment") { Description = "production (the default) or non_production." };
        var (noWait, timeout) = (JobFollower.NoWait(), JobFollower.Timeout());
        return ClientCommand.New("create", "Make a project.", [name, slug, environment, noWait, timeout], async session =>
        {
            var body = RequestBody.Of(("name", session.Parsed.GetValue(name)), ("slug", session.Parsed.GetValue(slug)), ("environment", session.Parsed.GetValue(environment)));
            var answer = await session.Api.PostAsync("v1/projects", body, session.Cancellation);
            session.Say($"project {answer.Object("project").Text("slug")} ({answer.Object("project").Text("id")})");
            return await JobFollower.FinishAsync(session, answer, noWait, timeout);
        });
    }

    private static Command Delete()
    {
        var named = Named();
        var yes = new Option<bool>("--yes") { Description = "Yes, delete it, its previews and its database." };
        var skip = new Option<bool>("--skip-final-backup") { Description = "Do not take a last backup." };
        var (noWait, timeout) = (JobFollower.NoWait(), JobFollower.Timeout());
        return ClientCommand.New("delete", "Delete a project, after a last proven backup.", [named, yes, skip, noWait, timeout], async session =>
        {
            var project = await Lookup.ProjectAsync(session, session.Parsed.GetValue(named)!);
            if (!session.Parsed.GetValue(yes))
            {
                throw CapydException.Invalid($"this would delete {project.Text("name")} with its database {project.Text("database_name")}", "say --yes if you mean it");
            }

            var token = Approval.FromEnvironment is { } given ? $"&approval_token={Uri.EscapeDataString(given)}" : "";
            var query = $"skip_final_backup={(session.Parsed.GetValue(skip) ? "true" : "false")}{token}";
            var answer = await session.Api.DeleteAsync($"v1/projects/{project.Text("id")}?{query}", session.Cancellation);
            return await JobFollower.FinishAsync(session, answer, noWait, timeout);
        });
    }

    private static Command Url()
    {
        var named = Named();
        var pooled = ConnectionUrl.Pooled();
        return ClientCommand.New("url", "Print the connection URL, with its password.", [named, pooled], async session =>
        {
            var id = await Lookup.ProjectIdAsync(session, session.Parsed.GetValue(named)!);
            return await ConnectionUrl.ShowAsync(session, $"v1/projects/{id}/connections", pooled);
        });
    }
}
