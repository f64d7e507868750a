using System.CommandLine;
using System.Text.Json;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary>Waits for a job by its events and tells how it goes.</summary>
internal static class JobFollower
{
    private static readonly TimeSpan BetweenConnections = TimeSpan.FromSeconds(1);
    private const int MostFailures = 30;

    public static Option<bool> NoWait() => new("--no-wait") { Description = "Return as soon as the job is accepted, and print its id." };

    public static Option<int?> Timeout() => new("--timeout") { Description = "Seconds to wait for the job; it goes on after that.", HelpName = "SECONDS" };

    /// <summary>Shows an accepted job and, unless told otherwise, how it ends.</summary>
    public static async Task<int> FinishAsync(ClientSession session, JsonElement accepted, Option<bool> noWait, Option<int?> timeout)
    {
        var job = accepted.Object("job");
        if (session.Parsed.GetValue(noWait) || job.Text("id").Length == 0)
        {
            session.Show(accepted, () => job.Text("id") + "\n");
            return ExitCode.Good;
        }

        return await FollowAsync(session, job.Text("id"), session.Parsed.GetValue(timeout));
    }

    /// <summary>Exit code 0 when it completed, 1 when it failed, 6 when the time is over.</summary>
    public static async Task<int> FollowAsync(ClientSession session, string id, int? timeout)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation);
        if (timeout is { } seconds)
        {
            deadline.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        try
        {
            return Tell(session, await EndOfAsync(session, id, deadline.Token));
        }
        catch (OperationCanceledException) when (!session.Cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine($"capyd: {id} has not ended within {timeout} s and goes on (capyd jobs watch {id})");
            return ClientExit.Late;
        }
    }

    private static int Tell(ClientSession session, JsonElement answer)
    {
        var job = answer.Object("job");
        session.Show(answer, () => job.Text("state") == "completed" ? $"{job.Text("type")} completed ({job.Text("id")})\n" : "");
        if (job.Text("state") == "completed")
        {
            return ExitCode.Good;
        }

        Console.Error.WriteLine($"capyd: {job.Text("type")} failed ({job.Text("id")}): {TextTable.Printable(job.Text("error"))}");
        return ExitCode.Failed;
    }

    /// <summary>A connection that breaks is made again: the job does not depend on who watches it.</summary>
    private static async Task<JsonElement> EndOfAsync(ClientSession session, string id, CancellationToken cancellation)
    {
        var display = new ProgressDisplay(Console.Error, !Console.IsErrorRedirected, session.Json && Console.IsErrorRedirected, TimeProvider.System);
        for (var failures = 0; ; failures++)
        {
            try
            {
                if (await ReadAsync(session, id, display, cancellation) is { } ended)
                {
                    display.End();
                    return ended;
                }
            }
            catch (Exception e) when (failures < MostFailures && e is IOException or HttpRequestException or ApiUnreachableException or ApiRefusedException { Status: >= 500 })
            {
                session.Say($"the connection broke ({e.Message}); trying again");
            }

            await Task.Delay(BetweenConnections, TimeProvider.System, cancellation);
        }
    }

    /// <returns>Null when the stream ended before the job.</returns>
    private static async Task<JsonElement?> ReadAsync(ClientSession session, string id, ProgressDisplay display, CancellationToken cancellation)
    {
        const string Data = "data: ";
        using var events = await session.Api.OpenEventsAsync($"v1/jobs/{Uri.EscapeDataString(id)}/events", cancellation);
        while (await events.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith(Data, StringComparison.Ordinal))
            {
                continue;
            }

            using var document = JsonDocument.Parse(line[Data.Length..]);
            var answer = document.RootElement.Clone();
            display.Note(answer.Object("job"));
            if (answer.Object("job").Text("state") is "completed" or "failed")
            {
                return answer;
            }
        }

        return null;
    }
}
