using System.Net;
using System.Net.Sockets;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Queries;

/// <summary>
/// Stands between the driver and the server for one query. The driver reads each message but rows as a whole, and a tenant can
/// raise an error or a notice of a gigabyte; here such a message is cut before the driver sees it.
/// </summary>
internal sealed class MessageRelay : IAsyncDisposable
{
    private readonly ClusterEndpoint _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ends = new();
    private readonly Task _accepting;

    private MessageRelay(ClusterEndpoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>On the loopback address; who connects there is as far as at the server itself: before the login.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static MessageRelay Start(ClusterEndpoint server) => new(server);

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _ends.Dispose();
    }

    /// <summary>The query's own connection, and those that the driver makes to cancel it.</summary>
    private async Task AcceptAsync()
    {
        var links = new List<Task>();
        try
        {
            while (true)
            {
                links.Add(LinkAsync(await _listener.AcceptTcpClientAsync(_ends.Token)));
            }
        }
        catch (OperationCanceledException) when (_ends.IsCancellationRequested)
        {
            await Task.WhenAll(links);
        }
    }

    /// <summary>Ends when either side does; the driver sees a closed connection and says so.</summary>
    private async Task LinkAsync(TcpClient client)
    {
        using (client)
        {
            using var link = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token);
            try
            {
                await using var server = await ServerStream.OpenAsync(_server, link.Token);
                var up = client.GetStream().CopyToAsync(server, link.Token);
                var down = BoundedMessages.CopyAsync(server, client.GetStream(), link.Token);
                await Task.WhenAny(up, down);
                await link.CancelAsync();
                await Task.WhenAll(up, down);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The side that is left is closed with this method.
            }
        }
    }
}
