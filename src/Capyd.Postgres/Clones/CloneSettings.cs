using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Clones;

/// <summary>Database-level settings of a copy: those of the source for everybody, and over them the ones asked for.</summary>
internal static class CloneSettings
{
    private const string OfSource = """
        SELECT pg_catalog.split_part(u.setting, '=', 1), pg_catalog.substr(u.setting, pg_catalog.strpos(u.setting, '=') + 1)
        FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase AND d.datname = $1,
             pg_catalog.unnest(s.setconfig) u(setting)
        WHERE s.setrole = 0
        """;

    public static Task<IReadOnlyDictionary<string, string>> ReadAsync(PostgresCluster cluster, CloneRequest request, CancellationToken cancellationToken) =>
        cluster.UseAsync<IReadOnlyDictionary<string, string>>(
            null,
            $"read the settings of database {request.Source}",
            async server =>
            {
                var settings = (await server.ListAsync(
                    OfSource, static row => (Name: row.GetString(0), Value: row.GetString(1)), cancellationToken, request.Source.ToString()))
                    .ToDictionary(static s => s.Name, static s => s.Value);
                foreach (var (name, value) in request.Settings)
                {
                    settings[name] = value;
                }

                return settings;
            },
            cancellationToken);
}
