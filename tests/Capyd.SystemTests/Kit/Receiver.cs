using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Capyd.SystemTests.Kit;

/// <summary>What a receiver was sent.</summary>
public sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string Event => Headers["X-CapyDB-Event"];

    public string Delivery => Headers["X-CapyDB-Delivery"];
}

/// <summary>Somebody else's HTTP server on this machine, which answers as a test wants it to.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public Receiver()
    {
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Machine.FreePort()}/");
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Ends with a slash.</summary>
    public string Url { get; }

    /// <summary>Status of the next answers; 0 answers nothing until the receiver ends.</summary>
    public int Status { get; set; } = 200;

    public string? Location { get; set; }

    /// <summary>What a GET returns.</summary>
    public string Content { get; set; } = "";

    public IReadOnlyList<Received> All => [.. _received];

    /// <summary>The first of these, once it is there.</summary>
    public Task<Received> FirstAsync(Func<Received, bool> wanted, int seconds = 30) =>
        Until.FoundAsync($"a call of the receiver; so far {string.Join(", ", All.Select(call => call.Headers.GetValueOrDefault("X-CapyDB-Event")))}", () => Task.FromResult(All.FirstOrDefault(wanted)), seconds);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Close();
        await _loop;
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = AnswerAsync(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var headers = context.Request.Headers.AllKeys.ToDictionary(name => name!, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase);
        _received.Enqueue(new Received(context.Request.Url!.AbsolutePath, headers, await reader.ReadToEndAsync()));
        if (Status == 0)
        {
            return;
        }

        context.Response.StatusCode = Status;
        if (Location is not null)
        {
            context.Response.RedirectLocation = Location;
        }

        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Content));
        context.Response.Close();
    }
}
