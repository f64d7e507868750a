using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>Checks what streaming needs of the server. PostgreSQL's own defaults suffice.</summary>
public static class WalPrerequisites
{
    private const string Query = """
        SELECT name, setting FROM pg_catalog.pg_settings
        WHERE name IN ('wal_level', 'max_wal_senders', 'max_replication_slots', 'full_page_writes', 'fsync') ORDER BY name
        """;

    /// <returns>What is missing; empty when streaming and recovery of one database can work.</returns>
    /// <exception cref="PostgresFailedException">The server does not answer.</exception>
    public static Task<IReadOnlyList<WalPrerequisite>> CheckAsync(PostgresCluster cluster, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            "read the server's WAL settings",
            async connection => (IReadOnlyList<WalPrerequisite>)
            [
                .. (await connection.ListAsync(Query, static row => (Name: row.GetString(0), Value: row.GetString(1)), cancellationToken))
                    .Select(static setting => Judge(setting.Name, setting.Value))
                    .OfType<WalPrerequisite>(),
            ],
            cancellationToken);

    internal static WalPrerequisite? Judge(string setting, string value) => (setting, value) switch
    {
        ("wal_level", "minimal") => new(setting, value, "The server writes too little into its WAL to recover from.", Restart("wal_level = 'replica'")),
        ("max_wal_senders", _) when Number(value) < 2 => new(
            setting, value, $"max_wal_senders is {value}; capyd streams through one and takes base backups through another.", Restart("max_wal_senders = 10")),
        ("max_replication_slots", "0") => new(setting, value, "The server has no room for a replication slot.", Restart("max_replication_slots = 10")),
        ("full_page_writes", "off") => new(
            setting, value, "Without full_page_writes one database cannot be recovered alone.",
            "ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf();"),
        ("fsync", "off") => new(
            setting, value, "With fsync off a power cut damages the server beyond what its WAL can mend.",
            "ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf();"),
        _ => null,
    };

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);

    private static string Restart(string setting) => $"ALTER SYSTEM SET {setting}; then restart PostgreSQL.";
}
