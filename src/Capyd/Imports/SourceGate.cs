using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Capyd.Cluster;
using Capyd.Network;

namespace Capyd.Imports;

/// <summary>A source that may be connected to, at this address and no other.</summary>
internal sealed record VettedSource(SourceUrl Url, IPAddress Address);

/// <summary>Which sources may be imported from (contract D.7). Before each use the source passes here again.</summary>
internal sealed class SourceGate(PostgresServer server, CapydOptions options)
{
    /// <summary>Resolves the host once: what connects afterwards uses the address that was vetted, whatever the name answers then.</summary>
    /// <exception cref="CapydException">400: the URL or its host is refused.</exception>
    public async Task<VettedSource> VetAsync(string? url, CancellationToken cancellation)
    {
        var source = SourceUrl.Parse(url);
        var host = await VettedHost.ResolveAsync(source.Host, options.Imports.AllowPrivateSources, cancellation);
        var address = host.Addresses.Select(Plain).OrderBy(address => address.AddressFamily != AddressFamily.InterNetwork).First();
        await RefuseOwnServerAsync(source, address, cancellation);
        return new VettedSource(source, address);
    }

    /// <summary>capyd's own server, as a role that may read everything there, would show one tenant all others.</summary>
    private async Task RefuseOwnServerAsync(SourceUrl source, IPAddress address, CancellationToken cancellation)
    {
        var isOwn = source.Port == server.Endpoint.Port && IsHere(address);
        if (isOwn && (source.User == server.Endpoint.AdminRole || await server.Capabilities.Roles.ReadsEverythingAsync(source.User, cancellation)))
        {
            throw CapydException.Invalid($"host is not allowed: {source} is this server itself, and that role may read every database of it", "import a project as its own role");
        }
    }

    private static bool IsHere(IPAddress address) =>
        IPAddress.IsLoopback(address)
        || NetworkInterface.GetAllNetworkInterfaces().Any(nic => nic.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(address)));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
