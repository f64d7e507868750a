using System.CommandLine;

namespace Capyd.Client;

/// <summary><c>capyd restore</c>: from a backup, an instant or a restore point, into a new preview unless told otherwise.</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string> Project = ProjectCommands.Named();
    private static readonly Option<string?> Backup = new("--backup") { Description = "Key of the backup; latest is the newest verified one, and the default.", HelpName = "KEY" };
    private static readonly Option<DateTimeOffset?> At = new("--at") { Description = "An instant, such as 2026-11-21T12:30:00Z.", HelpName = "TIME" };
    private static readonly Option<string?> Point = new("--restore-point") { Description = "Id of a restore point.", HelpName = "ID" };
    private static readonly Option<string> To = new("--to") { Description = "new_preview (the default), preview, or project: that one is overwritten.", DefaultValueFactory = _ => "new_preview" };
    private static readonly Option<string?> Preview = new("--preview") { Description = "The preview to overwrite, or the name of the new one." };
    private static readonly Option<int?> Ttl = new("--ttl-hours") { Description = "Life of the new preview, 1 to 168 hours.", HelpName = "HOURS" };
    private static readonly Option<bool> Unverified = new("--allow-unverified") { Description = "Also from a backup that is not proven." };
    private static readonly Option<bool> NoWait = JobFollower.NoWait();
    private static readonly Option<int?> Timeout = JobFollower.Timeout();

    public static Command Build() => ClientCommand.New(
        "restore", $"Restore a project's content. Overwriting the project takes a person's approval in {Approval.Variable}.",
        [Project, Backup, At, Point, To, Preview, Ttl, Unverified, NoWait, Timeout], RunAsync);

    private static async Task<int> RunAsync(ClientSession session)
    {
        var parsed = session.Parsed;
        var project = await Lookup.ProjectAsync(session, parsed.GetValue(Project)!);
        var (target, preview) = (parsed.GetValue(To)!, parsed.GetValue(Preview));
        if (target == "preview" && preview is null)
        {
            throw CapydException.Invalid("--to preview: which one?", "name it with --preview");
        }

        var overwritten = target == "preview" ? (await Lookup.PreviewAsync(session, preview!, project.Text("id"))).Text("id") : null;
        var body = RequestBody.Of(
            ("backup_key", await BackupKeyAsync(session, project.Text("id"))), ("restore_time", parsed.GetValue(At)), ("restore_point_id", parsed.GetValue(Point)),
            ("target_kind", target), ("preview_id", overwritten), ("preview_name", target == "new_preview" ? preview : null),
            ("ttl_hours", parsed.GetValue(Ttl)), ("allow_unverified_backup", parsed.GetValue(Unverified) ? true : null),
            ("approval_token", target == "project" ? Approval.FromEnvironment : null));
        var answer = await session.Api.PostAsync($"v1/projects/{project.Text("id")}/restores", body, session.Cancellation);
        if (answer.Object("pitr").TextOrNull("restore_time") is { } time)
        {
            session.Say($"restoring to {time}");
        }

        return await JobFollower.FinishAsync(session, answer, NoWait, Timeout);
    }

    /// <summary>The key as given; the newest verified one when neither a key nor another source is.</summary>
    private static async Task<string?> BackupKeyAsync(ClientSession session, string project)
    {
        var key = session.Parsed.GetValue(Backup);
        var elsewhere = session.Parsed.GetValue(At) is not null || session.Parsed.GetValue(Point) is not null;
        if (key is not (null or "latest") || (key is null && elsewhere))
        {
            return key;
        }

        var backups = (await session.Api.GetAsync($"v1/projects/{project}/backups", session.Cancellation)).List("backups");
        var newest = backups.Where(one => one.Text("verification_state") == "verified" && one.Text("state") is not ("expired" or "failed")).OrderByDescending(one => one.Time("created_at")).FirstOrDefault();
        return newest.TextOrNull("backup_key") ?? throw new CapydException(ErrorCode.NotFound, "this project has no verified backup", "capyd backups create takes one");
    }
}
