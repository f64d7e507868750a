using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Capyd.Storage.Tests.S3;

/// <summary>A wire to a real server that breaks when it is told to.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly Task _accepting;
    private long _passed;

    public CuttingProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        Endpoint = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>The first request whose first line this takes is heard by the server, but its answer is lost. Once.</summary>
    public Func<string, bool>? Lose { get; set; }

    /// <summary>After this many bytes of answers the connection breaks; counted anew afterwards.</summary>
    public long? CutAfter { get; set; }

    /// <summary>How often it breaks so.</summary>
    public int CutsLeft { get; set; } = int.MaxValue;

    /// <summary>Answers do not arrive, and nobody says so.</summary>
    public bool Silent { get; set; }

    public int Cuts { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        using (_stop.Token.Register(near.Close))
        {
            await far.ConnectAsync(_target.Host, _target.Port);
            var loses = false;
            var requests = PumpAsync(near.GetStream(), far.GetStream(), chunk => loses |= IsLost(chunk.Span));
            var answers = PumpAsync(far.GetStream(), near.GetStream(), chunk => !Passes(chunk.Length, loses) ? throw new IOException("cut") : false);
            await Task.WhenAny(requests, answers);
            near.Close();
            far.Close();
            await Task.WhenAll(requests, answers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> look)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            look(buffer.AsMemory(0, count));
            while (Silent)
            {
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }

            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }

    private bool IsLost(ReadOnlySpan<byte> chunk)
    {
        var line = chunk.IndexOf("\r\n"u8);
        if (Lose is not { } lose || line < 0 || !lose(Encoding.ASCII.GetString(chunk[..line])))
        {
            return false;
        }

        Lose = null;
        return true;
    }

    private bool Passes(int count, bool loses)
    {
        if (!loses && (CutAfter is not { } limit || CutsLeft == 0 || Interlocked.Add(ref _passed, count) <= limit))
        {
            return true;
        }

        _passed = 0;
        Cuts++;
        CutsLeft--;
        return false;
    }
}
