using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Extensions;

/// <summary>How an extension of this host may be made: what its control file says.</summary>
/// <param name="Version">What CREATE EXTENSION would make.</param>
/// <param name="Relocatable">Whether it can be moved to another schema afterwards.</param>
/// <param name="FixedSchema">The schema that it insists on; null when it takes any.</param>
internal sealed record ExtensionPlan(string Name, string Version, bool Relocatable, string? FixedSchema, IReadOnlyList<string> Requires)
{
    private const string Query = """
        SELECT v.version, v.relocatable, v.schema::text, coalesce(v.requires::text[], '{}')
        FROM pg_catalog.pg_available_extension_versions v
        JOIN pg_catalog.pg_available_extensions a ON a.name = v.name AND a.default_version = v.version
        WHERE v.name = $1
        """;

    /// <summary>Nothing but the extension's own objects can be found by its script when it is made in a schema of its own.</summary>
    public bool StandsAlone => Relocatable && FixedSchema is null && Requires.Count == 0;

    /// <exception cref="PostgresFailedException">The host does not have it.</exception>
    public static async Task<ExtensionPlan> ReadAsync(NpgsqlConnection session, string name, CancellationToken cancellationToken) =>
        (await session.ListAsync(Query, row => Of(name, row), cancellationToken, name)).SingleOrDefault()
        ?? throw new PostgresFailedException(
            $"Extension {name} is not installed on this host; install its package.", PostgresErrorCodes.UndefinedFile, RetryClass.Permanent);

    private static ExtensionPlan Of(string name, NpgsqlDataReader row) =>
        new(name, row.GetString(0), row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetFieldValue<string[]>(3));
}
