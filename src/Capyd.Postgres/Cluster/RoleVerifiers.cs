namespace Capyd.Postgres.Cluster;

/// <summary>Reads what the server keeps of passwords.</summary>
public sealed class RoleVerifiers(PostgresCluster cluster)
{
    /// <summary>The SCRAM verifiers of these roles; one that is missing or has none is left out.</summary>
    /// <exception cref="PostgresFailedException">The server does not answer.</exception>
    public Task<IReadOnlyDictionary<RoleName, string>> ReadAsync(IReadOnlyCollection<RoleName> roles, CancellationToken cancellationToken) =>
        cluster.UseAsync<IReadOnlyDictionary<RoleName, string>>(
            null,
            "read the roles' password verifiers",
            async connection =>
            {
                var rows = await connection.ListAsync(
                    "SELECT rolname::text, rolpassword FROM pg_catalog.pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$%' AND rolcanlogin AND rolname::text = ANY ($1)",
                    static row => (Role: RoleName.Parse(row.GetString(0)), Verifier: row.GetString(1)),
                    cancellationToken,
                    (object)roles.Select(static role => role.ToString()).ToArray());
                return rows.ToDictionary(static row => row.Role, static row => row.Verifier);
            },
            cancellationToken);
}
