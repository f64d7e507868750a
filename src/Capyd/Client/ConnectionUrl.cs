using System.CommandLine;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary>Prints a connection URL alone, for <c>psql "$(capyd projects url shop)"</c>.</summary>
internal static class ConnectionUrl
{
    public static Option<bool> Pooled() => new("--pooled") { Description = "The URL of the connection pooler." };

    public static async Task<int> ShowAsync(ClientSession session, string path, Option<bool> pooled)
    {
        var answer = await session.Api.GetAsync(path, session.Cancellation);
        var url = answer.Object("connections").Text(session.Parsed.GetValue(pooled) ? "pooled_url" : "direct_url");
        if (url.Length == 0 && !session.Json)
        {
            throw new CapydException(ErrorCode.FeatureAbsent, "there is no pooled connection to it now", "capyd status says how the connection pooler is");
        }

        session.Show(answer, () => url + "\n");
        return ExitCode.Good;
    }
}
