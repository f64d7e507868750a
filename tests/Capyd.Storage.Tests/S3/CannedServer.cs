using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Capyd.Storage.Tests.S3;

/// <summary>Answers that no server gives on demand: one connection for each, in order.</summary>
internal sealed class CannedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly Queue<string> _answers;
    private readonly Task _serving;

    /// <param name="certificate">With it, TLS is spoken.</param>
    /// <param name="answers">Status line and headers without a length, an empty line, and the body.</param>
    public CannedServer(X509Certificate2? certificate, params string[] answers)
    {
        _certificate = certificate;
        _answers = new Queue<string>(answers);
        _listener.Start();
        var scheme = certificate is null ? "http" : "https";
        Endpoint = new Uri($"{scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _serving = ServeAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>The heads of the requests that came.</summary>
    public List<string> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        while (_answers.Count > 0)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            try
            {
                await using var stream = await SecureAsync(client.GetStream());
                Requests.Add(await ReadAsync(stream));
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Framed(_answers.Dequeue(), isHead: Requests[^1].StartsWith("HEAD", StringComparison.Ordinal))));
            }
            catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
            {
                // A client that does not trust the certificate hangs up.
            }
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream plain)
    {
        if (_certificate is null)
        {
            return plain;
        }

        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(_certificate);
        return secure;
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        var text = "";
        var buffer = new byte[64 * 1024];
        while (!IsWhole(text))
        {
            var count = await stream.ReadAsync(buffer);
            text += count > 0 ? Encoding.Latin1.GetString(buffer, 0, count) : throw new IOException("the request was cut off");
        }

        return text;
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        const string Header = "Content-Length: ";
        var at = text.IndexOf(Header, StringComparison.Ordinal);
        var length = at < 0 || at > end ? 0 : int.Parse(text[(at + Header.Length)..text.IndexOf("\r\n", at, StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        return text.Length >= end + 4 + length;
    }

    private static string Framed(string answer, bool isHead)
    {
        var parts = answer.Split("\n\n", 2);
        var body = parts.Length > 1 ? parts[1] : "";
        var head = parts[0].Replace("\n", "\r\n", StringComparison.Ordinal);
        return $"HTTP/1.1 {head}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{(isHead ? "" : body)}";
    }
}
