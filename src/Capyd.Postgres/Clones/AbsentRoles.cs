using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Clones;

/// <summary>Roles that grants and policies of a recovered database name and that are gone from the live server. Without them its
/// definitions cannot be made; so they come back as names that nobody can log in as.</summary>
internal static class AbsentRoles
{
    private const string Named = """
        SELECT DISTINCT r.rolname::pg_catalog.text FROM pg_catalog.pg_shdepend s
        JOIN pg_catalog.pg_authid r ON r.oid = s.refobjid
        JOIN pg_catalog.pg_database d ON d.oid = s.dbid AND d.datname = $1
        WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND (s.deptype = 'r' OR (s.deptype = 'a' AND $2)) AND r.rolname NOT LIKE 'pg\_%'
        """;

    private const string There = "SELECT rolname::pg_catalog.text FROM pg_catalog.pg_roles";

    public static async Task MakeAsync(PostgresCluster recovered, PostgresCluster live, CloneRequest request, CancellationToken cancellationToken)
    {
        var named = await recovered.UseAsync(
            null,
            "list the roles that the recovered database names",
            session => session.ListAsync(Named, static row => row.GetString(0), cancellationToken, request.Source.ToString(), request.KeepPrivileges),
            cancellationToken);
        if (named.Count > 0)
        {
            await live.UseAsync(null, "bring back roles that are gone", session => MakeAsync(session, named, request, cancellationToken), cancellationToken);
        }
    }

    private static async Task MakeAsync(Npgsql.NpgsqlConnection session, List<string> named, CloneRequest request, CancellationToken cancellationToken)
    {
        var there = await session.ListAsync(There, static row => row.GetString(0), cancellationToken);
        foreach (var role in named.Except(there).Select(SqlIdentifier.Quote))
        {
            await session.ExecuteAsync($"CREATE ROLE {role} NOLOGIN", cancellationToken);
            await session.ExecuteAsync($"COMMENT ON ROLE {role} IS {SqlIdentifier.Literal($"named by database {request.Source}, as it was recovered")}", cancellationToken);
        }
    }
}
