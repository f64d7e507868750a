using System.CommandLine;
using Capyd.Cli;

namespace Capyd.Client;

/// <summary>Where the API is, and how to answer; the same for each command that calls it.</summary>
internal sealed class ClientArguments
{
    private readonly Option<string?> _url = new("--api-url") { Description = "URL of a remote API; or CAPYD_API_URL. Default: the socket of the capyd on this host.", HelpName = "URL" };
    private readonly Option<string?> _key = new("--api-key") { Description = "API key; better CAPYD_API_KEY, which other users of the host cannot see.", HelpName = "KEY" };
    private readonly Option<string?> _socket = new("--socket") { Description = "The capyd's socket, when the configuration cannot be read.", HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Print the API's JSON." };
    private readonly ConfigurationArguments _configuration = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_key);
        command.Options.Add(_socket);
        command.Options.Add(_json);
        _configuration.AddTo(command, serving: false);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <returns>Null after the problems of the configuration have been told.</returns>
    public ApiAddress? Address(ParseResult parsed)
    {
        var key = NullWhenEmpty(parsed.GetValue(_key)) ?? NullWhenEmpty(Environment.GetEnvironmentVariable("CAPYD_API_KEY"));
        if (NullWhenEmpty(parsed.GetValue(_socket)) is { } socket)
        {
            return ApiAddress.OfSocket(socket, key);
        }

        if ((NullWhenEmpty(parsed.GetValue(_url)) ?? NullWhenEmpty(Environment.GetEnvironmentVariable("CAPYD_API_URL"))) is { } url)
        {
            return ApiAddress.OfUrl(url, key);
        }

        return _configuration.Load(parsed, serving: false) is { } options ? ApiAddress.OfSocket(new DataDirectory(options).Socket, key) : null;
    }

    private static string? NullWhenEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
