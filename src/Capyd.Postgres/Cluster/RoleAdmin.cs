using System.Globalization;
using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>Makes, changes and drops login roles. Every method throws <see cref="PostgresFailedException"/> on failure.</summary>
public sealed class RoleAdmin(PostgresCluster cluster)
{
    private const string Powerless = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";

    private const string VerifierQuery = "SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolname = $1";

    private const string MarkerQuery =
        "SELECT coalesce(pg_catalog.shobj_description(oid, 'pg_authid'), '') FROM pg_catalog.pg_roles WHERE rolname = $1";

    /// <summary>
    /// Creates the role or brings it to its specification, password included. Refuses a role with another marker. A verifier that is
    /// good stays, salt and all: a connection pooler has a copy of it.
    /// </summary>
    public Task EnsureAsync(RoleSpec spec, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"create role {spec.Name}",
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var marker = await connection.ScalarAsync<string>(MarkerQuery, cancellationToken, spec.Name.ToString());
                RefuseForeign(spec, marker);
                var known = await connection.ScalarAsync<string>(VerifierQuery, cancellationToken, spec.Name.ToString());
                await connection.ExecuteAsync(Definition(spec, marker is null ? "CREATE" : "ALTER", known), cancellationToken);
                await connection.ExecuteAsync(
                    $"COMMENT ON ROLE {spec.Name.Quoted} IS {SqlIdentifier.Literal(spec.Marker)}", cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            },
            cancellationToken);

    public Task SetPasswordAsync(RoleName role, Password password, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"change the password of role {role}",
            connection => (Task)connection.ExecuteAsync($"ALTER ROLE {role.Quoted} {PasswordClause(password)}", cancellationToken),
            cancellationToken);

    public Task<bool> ExistsAsync(RoleName role, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"look for role {role}",
            async connection => await OidAsync(connection, role, cancellationToken) is not null,
            cancellationToken);

    /// <summary>Whether the role may read what is not its own: superusers, members of pg_read_all_data and the like.</summary>
    public Task<bool> ReadsEverythingAsync(string role, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            "look at the rights of a role",
            connection => connection.ScalarAsync<bool>(
                """
                SELECT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE rolname = $1 AND (rolsuper OR rolreplication
                  OR EXISTS (SELECT FROM pg_catalog.pg_roles g WHERE g.rolname IN ('pg_read_all_data', 'pg_read_server_files', 'pg_execute_server_program')
                             AND pg_catalog.pg_has_role(r.oid, g.oid, 'member'))))
                """,
                cancellationToken,
                role),
            cancellationToken);

    /// <summary>The roles whose names begin with the prefix, sorted.</summary>
    public async Task<IReadOnlyList<RoleName>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        await cluster.UseAsync(
            null,
            "list roles",
            connection => connection.ListAsync(
                "SELECT rolname::text FROM pg_catalog.pg_roles WHERE pg_catalog.starts_with(rolname::text, $1) ORDER BY 1",
                static row => RoleName.Parse(row.GetString(0)),
                cancellationToken,
                prefix),
            cancellationToken);

    /// <summary>Makes <paramref name="member"/> a member of <paramref name="role"/>; nothing when it is one.</summary>
    public Task GrantAsync(RoleName role, RoleName member, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"make {member} a member of {role}",
            connection => (Task)connection.ExecuteAsync($"GRANT {role.Quoted} TO {member.Quoted}", cancellationToken),
            cancellationToken);

    /// <summary>Drops the role and ends its sessions; nothing when it is gone. What still depends on it is named in the error.</summary>
    public Task DropAsync(RoleName role, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"drop role {role}",
            async connection =>
            {
                if (await OidAsync(connection, role, cancellationToken) is not { } oid)
                {
                    return;
                }

                await RefuseNeededAsync(connection, role, oid, cancellationToken);
                await connection.ExecuteAsync($"DROP ROLE IF EXISTS {role.Quoted}", cancellationToken);
                await connection.ExecuteAsync(
                    "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usesysid::int8 = $1", cancellationToken, oid);
            },
            cancellationToken);

    private static void RefuseForeign(RoleSpec spec, string? marker)
    {
        if (marker is not null && marker != spec.Marker)
        {
            throw new PostgresFailedException(
                $"Role {spec.Name} exists and is not capyd's; choose another name, or drop the role.",
                PostgresErrorCodes.DuplicateObject,
                RetryClass.Permanent);
        }
    }

    private static string Definition(RoleSpec spec, string verb, string? verifier) => string.Create(
        CultureInfo.InvariantCulture,
        $"{verb} ROLE {spec.Name.Quoted} WITH {Powerless} CONNECTION LIMIT {spec.ConnectionLimit} {(verifier is not null && ScramVerifier.IsOf(verifier, spec.Password) ? "" : PasswordClause(spec.Password))}");

    private static string PasswordClause(Password password) => $"PASSWORD {SqlIdentifier.Literal(ScramVerifier.Compute(password))}";

    private static async Task<long?> OidAsync(NpgsqlConnection connection, RoleName role, CancellationToken cancellationToken)
    {
        var oid = await connection.ScalarAsync<long>(
            "SELECT oid::int8 FROM pg_catalog.pg_roles WHERE rolname = $1", cancellationToken, role.ToString());
        return oid == 0 ? null : oid;
    }

    private static async Task RefuseNeededAsync(NpgsqlConnection connection, RoleName role, long oid, CancellationToken cancellationToken)
    {
        const string Dependents = """
            SELECT CASE WHEN s.classid = 'pg_catalog.pg_database'::regclass THEN 'database ' || own.datname
                        ELSE count(*) || ' objects in ' || coalesce('database ' || home.datname, 'the server itself') END
            FROM pg_catalog.pg_shdepend s
            LEFT JOIN pg_catalog.pg_database home ON home.oid = s.dbid
            LEFT JOIN pg_catalog.pg_database own ON s.classid = 'pg_catalog.pg_database'::regclass AND own.oid = s.objid
            WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid::int8 = $1
            GROUP BY s.classid, own.datname, home.datname ORDER BY 1 LIMIT 20
            """;
        var needed = await connection.ListAsync(Dependents, static row => row.GetString(0), cancellationToken, oid);
        if (needed.Count > 0)
        {
            throw new PostgresFailedException(
                $"Role {role} cannot be dropped, because it owns or has privileges on: {string.Join(", ", needed)}. Drop or reassign these first.",
                PostgresErrorCodes.DependentObjectsStillExist,
                RetryClass.Permanent);
        }
    }
}
