using Capyd.Postgres.Cluster;
using Capyd.Storage.Projects;
using Capyd.Storage.Secrets;

namespace Capyd.Projects;

/// <summary>What a project's role and database have to look like on the server.</summary>
internal static class ProjectDatabase
{
    public static RoleSpec Role(ProjectRow project, SecretBox secrets) =>
        new(RoleName.Parse(project.RoleName), new Password(secrets.Unseal(project.PasswordSealed, project.Id.ToString())), project.MaxConnections, Marker(project));

    public static DatabaseSpec Spec(ProjectRow project) => new(
        Postgres.Cluster.DatabaseName.Parse(project.DatabaseName), RoleName.Parse(project.RoleName), null,
        Settings(project.StatementTimeout, project.IdleTransactionTimeout), Marker: Marker(project));

    public static IReadOnlyDictionary<string, string> Settings(string statementTimeout, string idleTransactionTimeout) => new Dictionary<string, string>
    {
        ["statement_timeout"] = statementTimeout,
        ["idle_in_transaction_session_timeout"] = idleTransactionTimeout,
    };

    private static string Marker(ProjectRow project) => $"capyd:{project.Id}";
}
