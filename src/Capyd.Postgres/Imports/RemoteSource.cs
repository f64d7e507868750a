using System.Net;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Imports;

/// <summary>A foreign server, as parsed and vetted by the caller.</summary>
/// <param name="Host">The name as given; what a certificate is checked against.</param>
/// <param name="Address">The vetted address that is really used, so that a changing DNS answer cannot help.</param>
/// <param name="SslMode">disable, allow, prefer, require, verify-ca or verify-full.</param>
public sealed record RemoteSource(
    string Host, IPAddress Address, int Port, string Database, string User, Password? Password, string SslMode)
{
    /// <summary>disable, prefer or require; null for libpq's default.</summary>
    public string? ChannelBinding { get; init; }

    /// <summary>How capyd calls itself on the foreign server.</summary>
    public string ApplicationName { get; init; } = "capyd import";
}
