using System.Net;
using System.Net.Sockets;

namespace Capyd.Network;

/// <summary>
/// A host that a tenant named, and the addresses that it may be called at. Connect to these addresses and never to the name: a name
/// may answer differently the second time.
/// </summary>
/// <param name="Addresses">At least one.</param>
internal sealed record VettedHost(string Name, IReadOnlyList<IPAddress> Addresses)
{
    private static readonly string[] InnerSuffixes = [".internal", ".local", ".localhost", ".localdomain", ".home.arpa"];

    /// <summary>Resolves the name and vets every address of it; one that is not public refuses the whole name.</summary>
    /// <param name="name">A host name, or an address with or without brackets.</param>
    /// <param name="allowPrivate">What the configuration says: then everything that resolves will do.</param>
    /// <exception cref="CapydException">The host is not allowed, or has no address.</exception>
    public static async Task<VettedHost> ResolveAsync(string name, bool allowPrivate, CancellationToken cancellation)
    {
        var bare = name.Trim('[', ']');
        if (!allowPrivate && NameProblem(bare) is { } refused)
        {
            throw NotAllowed(bare, refused);
        }

        var addresses = await AddressesAsync(bare, cancellation);
        foreach (var address in addresses)
        {
            if (!allowPrivate && PublicAddress.Problem(address) is { } kind)
            {
                throw NotAllowed(bare, $"it is at {address}, which is {kind}");
            }
        }

        return new VettedHost(bare, addresses);
    }

    /// <summary>Why a name is refused before anybody is asked for its addresses; null when it may be.</summary>
    public static string? NameProblem(string name)
    {
        var lower = name.TrimEnd('.').ToLowerInvariant();
        return lower is "" or "localhost" || InnerSuffixes.Any(suffix => lower.EndsWith(suffix, StringComparison.Ordinal))
            ? "names of inner networks are refused"
            : null;
    }

    /// <summary>A stream to the first address that answers.</summary>
    /// <exception cref="SocketException">None does.</exception>
    public async Task<Stream> ConnectAsync(int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. Addresses], port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IPAddress[]> AddressesAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name, cancellation) is { Length: > 0 } found ? found : throw Unknown(name);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw Unknown(name);
        }
    }

    private static CapydException Unknown(string name) => CapydException.Invalid($"host '{Clip(name)}' has no address", "check the name");

    private static CapydException NotAllowed(string name, string why) =>
        CapydException.Invalid($"host is not allowed: '{Clip(name)}': {why}", "only hosts of the public internet are, unless the operator allows private ones");

    private static string Clip(string text) => text.Length > 100 ? text[..100] + "…" : text;
}
