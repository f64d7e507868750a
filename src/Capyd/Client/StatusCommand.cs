using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary><c>capyd status</c>: am I safe? Exit code 1 unless all parts are operational; with --check also when a project has a problem.</summary>
internal static class StatusCommand
{
    private const int AtOnce = 8;

    public static Command Build()
    {
        var check = new Option<bool>("--check") { Description = "Exit with 1 also when a project has no proven backup, an error or an open alert." };
        return ClientCommand.New("status", "Say whether all is well: parts, last proven backups, recovery windows, alerts, running jobs.", [check], async session =>
        {
            var parts = await session.Api.GetAsync("status", session.Cancellation);
            var projects = await ProjectsAsync(session);
            var states = new ProjectSafety[projects.Count];
            await Parallel.ForAsync(0, projects.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = session.Cancellation },
                async (index, _) => states[index] = await ProjectSafety.ReadAsync(session, projects[index]));
            var unsafeOnes = states.Where(state => state.Problems.Count > 0).ToList();
            session.Show(session.Json ? StatusJsonText.Merge(parts, states) : parts, () => Format(parts, states, unsafeOnes));
            return parts.Text("status") == "operational" && (unsafeOnes.Count == 0 || !session.Parsed.GetValue(check)) ? ExitCode.Good : ExitCode.Failed;
        });
    }

    /// <summary>The parts are public; the projects want a credential that may see them.</summary>
    private static async Task<IReadOnlyList<JsonElement>> ProjectsAsync(ClientSession session)
    {
        try
        {
            return (await session.Api.GetAsync("v1/projects", session.Cancellation)).List("projects");
        }
        catch (ApiRefusedException e)
        {
            session.Say($"no projects are shown: {e.Message}");
            return [];
        }
    }

    private static string Format(JsonElement parts, ProjectSafety[] states, List<ProjectSafety> unsafeOnes)
    {
        var text = Verdict(parts, states, unsafeOnes) + "\n\n" + TextTable.Format(
            ["PART", "STATUS", "MESSAGE"],
            parts.List("components").Select(one => (IReadOnlyList<string>)[one.Text("name"), one.Text("status"), one.Text("message")]));
        if (states.Length > 0)
        {
            text += "\n" + TextTable.Format(
                ["PROJECT", "STATE", "LAST PROVEN BACKUP (UTC)", "RPO NOW", "RECOVERABLE FROM (UTC)", "ALERTS"],
                states.Select(one => (IReadOnlyList<string>)[one.Slug, one.State, one.LastProven, one.Rpo, one.Window, string.Join(", ", one.Alerts)]));
        }

        var jobs = states.SelectMany(state => state.Jobs.Select(job => (IReadOnlyList<string>)[state.Slug, job.Text("type"), Progress(job), job.Text("phase"), job.Text("id")])).ToList();
        return jobs.Count == 0 ? text : text + "\n" + TextTable.Format(["PROJECT", "RUNNING JOB", "DONE", "PHASE", "ID"], jobs);
    }

    /// <summary>The first line is the answer.</summary>
    private static string Verdict(JsonElement parts, ProjectSafety[] states, List<ProjectSafety> unsafeOnes)
    {
        if (parts.Text("status") != "operational")
        {
            return $"capyd is {TextTable.Printable(parts.Text("status"))}: see below, and capyd doctor";
        }

        return unsafeOnes.Count == 0
            ? $"all is well: {states.Length} {(states.Length == 1 ? "project" : "projects")}"
            : string.Join("\n", unsafeOnes.Select(one => $"{TextTable.Printable(one.Slug)}: {TextTable.Printable(string.Join("; ", one.Problems))}"));
    }

    private static string Progress(JsonElement job) =>
        double.TryParse(job.Text("progress"), CultureInfo.InvariantCulture, out var share) ? share.ToString("P0", CultureInfo.InvariantCulture) : "";
}
