using System.Net;
using System.Text;

namespace Capyd.SystemTests.Client;

/// <summary>A server that answers as it is told and remembers what it was asked; for endpoints as the contract has them.</summary>
internal sealed class ContractServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, (int Status, string Body)> _answers = [];

    public ContractServer()
    {
        Address = $"http://127.0.0.1:{Machine.FreePort()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Method, path and body of each request.</summary>
    public List<(string Call, string Body, string? Authorization)> Calls { get; } = [];

    public ContractServer Answers(string call, string body, int status = 200)
    {
        _answers[call] = (status, body);
        return this;
    }

    public Task<CommandResult> CommandAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Command.RunAsync(
        Machine.Binary, new Dictionary<string, string>(environment) { ["CAPYD_API_URL"] = Address, ["CAPYD_API_KEY"] = "capy_live_x" }, arguments);

    public Task<CommandResult> CommandAsync(params string[] arguments) => CommandAsync(new Dictionary<string, string>(), arguments);

    public void Dispose() => ((IDisposable)_listener).Dispose();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var call = $"{context.Request.HttpMethod} {context.Request.Url!.PathAndQuery}";
            using var body = new StreamReader(context.Request.InputStream);
            Calls.Add((call, await body.ReadToEndAsync(), context.Request.Headers["Authorization"]));
            var (status, text) = _answers.GetValueOrDefault(call, (404, """{"error":"not found"}"""));
            context.Response.StatusCode = status;
            context.Response.Close(Encoding.UTF8.GetBytes(text), willBlock: true);
        }
    }
}
