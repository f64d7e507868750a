using System.CommandLine;
using System.Text.Json;

namespace Capyd.Client;

/// <summary>One run of a command: the API, what was typed, and where the answer goes.</summary>
internal sealed record ClientSession(ApiClient Api, ParseResult Parsed, bool Json, CancellationToken Cancellation)
{
    /// <summary>The API's own words for scripts, a text for people.</summary>
    public void Show(JsonElement answer, Func<string> text) => Console.Out.Write(Json ? answer.GetRawText() + "\n" : text());

    /// <summary>A remark for people, beside the answer.</summary>
    public void Say(string text)
    {
        if (!Json)
        {
            Console.Error.WriteLine(text);
        }
    }
}
