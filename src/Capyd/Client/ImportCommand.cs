using System.CommandLine;
using System.Text.Json;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary>
/// <c>capyd import</c>: from a dump file, or from another server. That server's URL holds a password, so it comes by the environment or
/// standard input, not as an argument.
/// </summary>
internal static class ImportCommand
{
    private const string SourceVariable = "CAPYD_SOURCE_URL";
    private static readonly Argument<string> Project = ProjectCommands.Named();
    private static readonly Option<string?> File = new("--file") { Description = "A dump file to upload: pg_dump's custom, tar or plain format, also packed by gzip or zstd.", HelpName = "FILE" };
    private static readonly Option<bool> Stdin = new("--source-stdin") { Description = $"Read the URL of the source from standard input; default {SourceVariable}." };
    private static readonly Option<bool> Preflight = new("--preflight") { Description = "Only look whether the source can be imported." };
    private static readonly Option<bool> Recreate = new("--recreate") { Description = "Replace what the project's database holds; an import is never merged into it. What is replaced is kept for undo." };
    private static readonly Option<bool> Confirm = new("--confirm") { Description = "Yes, although the project's database has tables: together with --recreate." };
    private static readonly Option<bool> NoWait = JobFollower.NoWait();
    private static readonly Option<int?> Timeout = JobFollower.Timeout();

    public static Command Build() => ClientCommand.New(
        "import", $"Import into a project, from a file or from the server in {SourceVariable}.", [Project, File, Stdin, Preflight, Recreate, Confirm, NoWait, Timeout], RunAsync);

    private static async Task<int> RunAsync(ClientSession session)
    {
        var parsed = session.Parsed;
        var path = $"v1/projects/{await Lookup.ProjectIdAsync(session, parsed.GetValue(Project)!)}/imports";
        var file = parsed.GetValue(File);
        if (parsed.GetValue(Preflight))
        {
            if (file is not null)
            {
                throw CapydException.Invalid("--preflight looks at a server, not at a file", "a file is checked before anything is loaded or replaced: leave --preflight out");
            }

            return ShowPreflight(session, await session.Api.PostAsync($"{path}/preflight", RequestBody.Of(("source_url", await SourceAsync(session))), session.Cancellation));
        }

        var upload = file is null ? null : await UploadAsync(session, path, file);
        var body = RequestBody.Of(
            ("source_url", file is null ? await SourceAsync(session) : null), ("upload_key", upload),
            ("confirm", parsed.GetValue(Confirm) ? true : null), ("recreate", parsed.GetValue(Recreate) ? true : null));
        return await JobFollower.FinishAsync(session, await session.Api.PostAsync(path, body, session.Cancellation), NoWait, Timeout);
    }

    private static async Task<string> UploadAsync(ClientSession session, string path, string file)
    {
        await using var content = System.IO.File.OpenRead(file);
        var slot = (await session.Api.PostAsync($"{path}/uploads", null, session.Cancellation)).Object("upload");
        session.Say($"uploading {file}");
        await session.Api.UploadAsync(slot.Text("upload_url"), content, session.Cancellation);
        return slot.Text("object_key");
    }

    private static async Task<string> SourceAsync(ClientSession session)
    {
        var url = session.Parsed.GetValue(Stdin) ? await Console.In.ReadLineAsync(session.Cancellation) : Environment.GetEnvironmentVariable(SourceVariable);
        return string.IsNullOrWhiteSpace(url) ? throw CapydException.Invalid("import from where?", $"--file, or the URL of the source in {SourceVariable} or by --source-stdin") : url.Trim();
    }

    private static int ShowPreflight(ClientSession session, JsonElement answer)
    {
        var preflight = answer.Object("preflight");
        session.Show(answer, () => TextTable.Format(
            ["STATUS", "CHECK", "DETAIL"],
            preflight.List("checks").Select(one => (IReadOnlyList<string>)[one.Text("status"), one.Text("name"), one.Text("detail")])));
        return preflight.Text("ok") == "true" ? ExitCode.Good : ExitCode.Failed;
    }
}
