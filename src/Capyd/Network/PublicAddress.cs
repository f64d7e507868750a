using System.Net;
using System.Net.Sockets;

namespace Capyd.Network;

/// <summary>
/// Which addresses capyd may call on a tenant's behalf: those of the public internet, by the registries of special-purpose addresses.
/// IPv6 is taken from global unicast only; an address that carries another (mapped, NAT64) is judged by what it carries.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private static readonly (IPNetwork Network, string Kind)[] Special = Table(
        ("0.0.0.0/8", "unspecified"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "carrier-grade NAT"), ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's metadata service"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"), ("192.0.2.0/24", "documentation"), ("192.88.99.0/24", "6to4 relay"), ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"), ("198.51.100.0/24", "documentation"), ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
        ("2001::/23", "reserved"), ("2001:db8::/32", "documentation"), ("2002::/16", "6to4"), ("3fff::/20", "documentation"));

    /// <summary>What kind of address it is when it is not a public one, such as <c>loopback</c>; null when it may be called.</summary>
    public static string? Problem(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Problem(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(address))
        {
            return Nat64.Contains(address) ? Problem(new IPAddress(address.GetAddressBytes()[12..])) : OutsideGlobalUnicast(address);
        }

        return Array.Find(Special, special => special.Network.Contains(address)).Kind;
    }

    private static string OutsideGlobalUnicast(IPAddress address) =>
        IPAddress.IPv6Loopback.Equals(address) ? "loopback"
        : IPAddress.IPv6Any.Equals(address) ? "unspecified"
        : address.IsIPv6UniqueLocal ? "private"
        : address.IsIPv6LinkLocal || address.IsIPv6SiteLocal ? "link-local"
        : address.IsIPv6Multicast ? "multicast"
        : "reserved";

    private static (IPNetwork, string)[] Table(params (string Network, string Kind)[] rows) =>
        [.. rows.Select(row => (IPNetwork.Parse(row.Network), row.Kind))];
}
