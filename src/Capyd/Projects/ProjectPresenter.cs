using System.Globalization;
using Capyd.Cluster;
using Capyd.Pooling;
using Capyd.Storage.Projects;

namespace Capyd.Projects;

/// <summary>Turns a row into what the wire shows; every seed field always has a true value.</summary>
internal sealed class ProjectPresenter(PostgresServer server, ClusterIdentity cluster, PoolerState pooler, CapydOptions options)
{
    /// <summary>Where PgBouncer listens (contract D.9).</summary>
    public int PooledPort => options.Pooler.Port;

    /// <summary>Changes when the server says something new of itself, and with it what the wire shows.</summary>
    public string ServerState => $"{server.Facts?.VersionNum}/{DirectPort}/{server.SslMode}";

    public int DirectPort => server.Facts is null ? options.Postgres.Port : server.Endpoint.Port;

    public ProjectBody Present(ProjectRow row)
    {
        var provisioned = row.State is not ("provisioning" or "failed" or "deleting");
        return new ProjectBody(
            row.Id.ToString(), row.OrganizationId.ToString(), cluster.Id.ToString(), row.Name, row.Slug, row.Environment, row.Region, row.Plan,
            row.State, row.DatabaseName, row.RoleName, provisioned ? options.PublicHost : null, DirectPort, PooledPort,
            provisioned ? server.SslMode : null, row.MaxConnections, row.StorageLimitBytes, row.StatementTimeout, row.IdleTransactionTimeout,
            row.AlwaysOn, row.PostgresVersion, cluster.Id.ToString(), provisioned ? "active" : null, row.LatestJobId?.ToString(), row.LastError,
            row.CreatedAt, row.UpdatedAt);
    }

    /// <summary>Contract D.9. The pooled URL is there when the pooler would let this role in now.</summary>
    public async Task<ConnectionsBody> ConnectionsAsync(string role, string database, string password, CancellationToken cancellation)
    {
        await pooler.SettleAsync(cancellation);
        var login = $"{Uri.EscapeDataString(role)}:{Uri.EscapeDataString(password)}";
        var pooled = pooler.Offers(database, role) ? Url(login, PooledPort, database, options.Pooler.TlsCertificateFile is null ? "disable" : "require") : null;
        return new ConnectionsBody(role, Url(login, DirectPort, database, server.SslMode), pooled);
    }

    private string Url(string login, int port, string database, string sslMode) =>
        string.Create(CultureInfo.InvariantCulture, $"postgresql://{login}@{Host}:{port}/{Uri.EscapeDataString(database)}?sslmode={sslMode}");

    private string Host => options.PublicHost.Contains(':', StringComparison.Ordinal) ? $"[{options.PublicHost}]" : options.PublicHost;
}
