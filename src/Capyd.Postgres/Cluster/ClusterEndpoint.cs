namespace Capyd.Postgres.Cluster;

/// <summary>Where a server is reached and as whom.</summary>
/// <param name="SocketDirectory">Directory of the Unix socket over which capyd administers.</param>
/// <param name="Port">The server's port; it also names the socket.</param>
/// <param name="AdminRole">The superuser that capyd logs in as over the socket.</param>
/// <param name="ToolUser">The OS user that PostgreSQL's programs run as when capyd is root.</param>
/// <param name="LoginHost">The host for logins with a password.</param>
public sealed record ClusterEndpoint(
    string SocketDirectory, int Port, string AdminRole, string? ToolUser = null, string LoginHost = "127.0.0.1")
{
    /// <summary>The superuser's password where the socket asks for one; null for peer authentication.</summary>
    public Password? AdminPassword { get; init; }
}
