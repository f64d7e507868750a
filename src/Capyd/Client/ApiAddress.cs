using System.Net.Sockets;

namespace Capyd.Client;

/// <summary>Where the API is: a Unix socket on this host, or a URL.</summary>
/// <param name="Key">The API key to send; null on the socket, where the OS user counts.</param>
internal sealed record ApiAddress(string? Socket, Uri Url, string? Key)
{
    public static ApiAddress OfSocket(string path, string? key) => new(path, new Uri("http://capyd/"), key);

    public static ApiAddress OfUrl(string url, string? key) => Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
        ? new ApiAddress(null, parsed, key)
        : throw CapydException.Invalid($"'{url}' is no URL of an API", "it looks like https://db.example.org/");

    public HttpMessageHandler NewHandler() => Socket is null
        ? new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) }
        : new SocketsHttpHandler { ConnectCallback = async (_, cancellation) => await ConnectAsync(Socket, cancellation), UseProxy = false };

    public override string ToString() => Socket ?? Url.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>Why it could not be reached, and what to do about it.</summary>
    public string Explain(HttpRequestException failure)
    {
        var cause = failure.InnerException?.Message ?? failure.Message;
        return (Socket, failure.InnerException) switch
        {
            (null, _) => $"{cause}; check --api-url",
            (_, SocketException { SocketErrorCode: SocketError.AccessDenied }) =>
                "this OS user may not use the socket; be root or in operator_group, or give --api-url and CAPYD_API_KEY",
            // The runtime's words for a file that is not there speak of an address that cannot be assigned.
            (_, SocketException { SocketErrorCode: SocketError.AddressNotAvailable }) => $"there is no such socket; {WhereElse}",
            _ => $"{cause}; {WhereElse}",
        };
    }

    private const string WhereElse = "is capyd running? Another data directory or host: --data-dir, --socket or --api-url";

    private static async Task<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
