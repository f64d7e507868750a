using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary><c>capyd drill</c>: recovers a project to a moment, measures, and throws the copy away.</summary>
internal static class DrillCommand
{
    public static Command Build()
    {
        var command = Start();
        command.Subcommands.Add(List());
        return command;
    }

    private static Command Start()
    {
        var project = new Option<string?>("--project") { Description = "The project to recover; left out, one is drawn.", HelpName = "PROJECT" };
        var time = new Option<DateTimeOffset?>("--time") { Description = "The moment to recover, such as 2026-11-21T12:30:00Z; left out, one is drawn.", HelpName = "TIME" };
        var backup = new Option<string?>("--backup") { Description = "A dump of the project: recover the moment of it, and compare the two.", HelpName = "KEY" };
        var (noWait, timeout) = (JobFollower.NoWait(), JobFollower.Timeout());
        return ClientCommand.New(
            "drill", "Recover a project to a moment, check what comes out, and throw it away: shows that recovery works and how long it takes.",
            [project, time, backup, noWait, timeout], async session =>
            {
                var named = session.Parsed.GetValue(project) is { } name ? await Lookup.ProjectIdAsync(session, name) : null;
                var body = RequestBody.Of(("project_id", named), ("time", session.Parsed.GetValue(time)), ("backup_key", session.Parsed.GetValue(backup)));
                var answer = await session.Api.PostAsync("v1/drills", body, session.Cancellation);
                var ended = await JobFollower.FinishAsync(session, answer, noWait, timeout);
                await TellAsync(session, answer.Object("drill").Text("id"));
                return ended;
            });
    }

    /// <summary>What was measured, where it has ended.</summary>
    private static async Task TellAsync(ClientSession session, string id)
    {
        var drills = await session.Api.GetAsync("v1/drills", session.Cancellation);
        var drill = drills.List("drills").FirstOrDefault(one => one.Text("id") == id);
        if (drill.Text("state") == "succeeded")
        {
            session.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{drill.Text("project_id")} as of {drill.Time("restore_time")} UTC: usable after {Seconds(drill, "rto_seconds")} s, {drill.Text("tables")} tables with {drill.Text("rows")} rows checked{(drill.TextOrNull("proof_backup_id") is { } dump ? $", equal to {dump}" : "")}"));
        }
    }

    private static Command List() => ClientCommand.New("list", "List the drills, newest first.", [], async session =>
    {
        var answer = await session.Api.GetAsync("v1/drills", session.Cancellation);
        session.Show(answer, () => TextTable.Format(
            ["BEGUN (UTC)", "PROJECT", "MOMENT (UTC)", "STATE", "RTO", "ROWS", "ERROR"],
            answer.List("drills").Select(one => (IReadOnlyList<string>)
            [
                one.Time("created_at"), one.Text("project_id"), one.Time("restore_time"), one.Text("state"),
                one.TextOrNull("rto_seconds") is null ? "" : Seconds(one, "rto_seconds") + " s", one.Text("rows"), one.Text("error"),
            ])));
        return ExitCode.Good;
    });

    private static string Seconds(JsonElement drill, string name) =>
        double.TryParse(drill.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds.ToString("0.0", CultureInfo.InvariantCulture) : "?";
}
