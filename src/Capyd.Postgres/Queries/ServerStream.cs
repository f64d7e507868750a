using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wire;

namespace Capyd.Postgres.Queries;

/// <summary>A connection to the server before any login, encrypted where the server offers it, as with sslmode=prefer.</summary>
internal static class ServerStream
{
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

    public static async Task<Stream> OpenAsync(ClusterEndpoint server, CancellationToken cancellationToken)
    {
        if (server.LoginHost.StartsWith('/'))
        {
            return new NetworkStream(await ServerSocket.ConnectAsync(server.LoginHost, server.Port, cancellationToken), ownsSocket: true);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.LoginHost, server.Port, cancellationToken);
            return await EncryptAsync(new NetworkStream(socket, ownsSocket: true), server.LoginHost, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [SuppressMessage("Security", "CA5359", Justification = "sslmode=prefer checks no certificate; the login host is the operator's own.")]
    private static async Task<Stream> EncryptAsync(NetworkStream plain, string host, CancellationToken cancellationToken)
    {
        await plain.WriteAsync(SslRequest, cancellationToken);
        var answer = new byte[1];
        await plain.ReadExactlyAsync(answer, cancellationToken);
        if (answer[0] != 'S')
        {
            return plain;
        }

        var encrypted = new SslStream(plain, leaveInnerStreamOpen: false);
        await encrypted.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = static (_, _, _, _) => true }, cancellationToken);
        return encrypted;
    }
}
