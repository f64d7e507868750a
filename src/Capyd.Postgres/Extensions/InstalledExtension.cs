using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Extensions;

/// <summary>An extension of the database that the session is in.</summary>
internal sealed record InstalledExtension(string Version, string Schema, bool Relocatable)
{
    private const string Query = """
        SELECT e.extversion, n.nspname::text, e.extrelocatable
        FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = $1
        """;

    /// <returns>Null when the database does not have it.</returns>
    public static async Task<InstalledExtension?> FindAsync(NpgsqlConnection session, string name, CancellationToken cancellationToken) =>
        (await session.ListAsync(
            Query,
            static row => new InstalledExtension(row.GetString(0), row.GetString(1), row.GetBoolean(2)),
            cancellationToken,
            name)).SingleOrDefault();
}
