using System.Net;

namespace Capyd.Auth;

/// <summary>Who asks from this very machine: over the Unix socket, or over the loopback without a proxy in between.</summary>
internal static class LocalCaller
{
    private static readonly string[] MarksOfProxies = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"];

    public static bool Is(HttpContext context)
    {
        if (PeerCredential.Of(context) is not null)
        {
            return true;
        }

        return context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && !MarksOfProxies.Any(mark => context.Request.Headers.ContainsKey(mark));
    }
}
