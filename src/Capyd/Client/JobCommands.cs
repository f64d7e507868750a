using System.CommandLine;
using System.Text.Json;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary><c>capyd jobs …</c></summary>
internal static class JobCommands
{
    public static Command Build() => ClientCommand.Group("jobs", "Jobs: what capyd does, did and will do.", List(), Show(), Watch(), Cancel());

    private static Argument<string> Named() => new("job") { Description = "Id of the job." };

    private static Command List()
    {
        var project = ProjectCommands.Named();
        var limit = new Option<int>("--limit") { Description = "The most to list.", DefaultValueFactory = _ => 25 };
        return ClientCommand.New("list", "List the jobs of a project, newest first.", [project, limit], async session =>
        {
            var id = await Lookup.ProjectIdAsync(session, session.Parsed.GetValue(project)!);
            var answer = await session.Api.GetAsync($"v1/projects/{id}/jobs?limit={session.Parsed.GetValue(limit)}", session.Cancellation);
            session.Show(answer, () => TextTable.Format(
                ["CREATED (UTC)", "ID", "TYPE", "STATE", "ERROR"],
                answer.List("jobs").Select(one => (IReadOnlyList<string>)[one.Time("created_at"), one.Text("id"), one.Text("type"), one.Text("state"), one.Text("error")])));
            return ExitCode.Good;
        });
    }

    private static Command Show()
    {
        var job = Named();
        return ClientCommand.New("show", "Show a job.", [job], async session =>
        {
            var answer = await session.Api.GetAsync(Path(session.Parsed.GetValue(job)!), session.Cancellation);
            session.Show(answer, () => Describe(answer.Object("job")));
            return ExitCode.Good;
        });
    }

    private static Command Watch()
    {
        var (job, timeout) = (Named(), JobFollower.Timeout());
        return ClientCommand.New("watch", "Watch a job until it ends; the exit code says how.", [job, timeout],
            session => JobFollower.FollowAsync(session, session.Parsed.GetValue(job)!, session.Parsed.GetValue(timeout)));
    }

    private static Command Cancel()
    {
        var job = Named();
        return ClientCommand.New("cancel", "End a pending job, or ask a running one to stop at its next safe point.", [job], async session =>
        {
            var answer = await session.Api.PostAsync(Path(session.Parsed.GetValue(job)!) + "/cancel", null, session.Cancellation);
            session.Show(answer, () => $"{answer.Object("job").Text("id")} is {(answer.Object("job").Text("state") == "running" ? "asked to stop" : "cancelled")}\n");
            return ExitCode.Good;
        });
    }

    private static string Path(string id) => $"v1/jobs/{Uri.EscapeDataString(id)}";

    private static string Describe(JsonElement job) => TextTable.Format(job.EnumerateObject().Select(field => (field.Name, job.Text(field.Name))));
}
