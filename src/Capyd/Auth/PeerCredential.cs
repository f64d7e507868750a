using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;

namespace Capyd.Auth;

/// <summary>Who is at the other end of a Unix socket, as the kernel says.</summary>
/// <param name="UserId">The OS user of the process that connected.</param>
/// <param name="GroupId">Its group.</param>
internal sealed record PeerCredential(uint UserId, uint GroupId)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>Null for a request that came another way.</summary>
    public static PeerCredential? Of(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.Unix } socket)
        {
            return null;
        }

        Span<uint> credential = stackalloc uint[3]; // pid, uid, gid
        socket.GetRawSocketOption(SolSocket, SoPeerCred, MemoryMarshal.AsBytes(credential));
        return new PeerCredential(credential[1], credential[2]);
    }
}
