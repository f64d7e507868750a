using Capyd.Cluster;
using Capyd.Storage.Projects;

namespace Capyd.Projects;

/// <summary>Turns a row into what the wire shows; every seed field always has a true value.</summary>
internal sealed class ProjectPresenter(PostgresServer server, ClusterIdentity cluster, CapydOptions options)
{
    /// <summary>Where PgBouncer listens (contract D.9).</summary>
    public const int PooledPort = 6432;

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

    /// <summary>Contract D.9: the URL with the password; its parts are percent-encoded.</summary>
    public ConnectionsBody Connections(string role, string database, string password) =>
        new(role, $"postgresql://{Uri.EscapeDataString(role)}:{Uri.EscapeDataString(password)}@{Host}:{DirectPort}/{Uri.EscapeDataString(database)}?sslmode={server.SslMode}");

    private string Host => options.PublicHost.Contains(':', StringComparison.Ordinal) ? $"[{options.PublicHost}]" : options.PublicHost;
}
