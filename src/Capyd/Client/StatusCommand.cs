using System.CommandLine;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary><c>capyd status</c>: exit code 1 unless everything is operational.</summary>
internal static class StatusCommand
{
    public static Command Build() => ClientCommand.New("status", "Say how capyd and its parts are.", [], async session =>
    {
        var answer = await session.Api.GetAsync("status", session.Cancellation);
        session.Show(answer, () => TextTable.Format(
            ["PART", "STATUS", "MESSAGE"],
            answer.List("components").Select(one => (IReadOnlyList<string>)[one.Text("name"), one.Text("status"), one.Text("message")])));
        return answer.Text("status") == "operational" ? ExitCode.Good : ExitCode.Failed;
    });
}
