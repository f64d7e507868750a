using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>Builds connection strings for administration.</summary>
internal static class ConnectionText
{
    public const string MaintenanceDatabase = "postgres";

    /// <summary>
    /// Start-up options beat what a database's owner wrote with ALTER DATABASE SET: names resolve in pg_catalog only,
    /// nothing times out but by our own decision, and text output is the same everywhere.
    /// </summary>
    public static readonly string SessionOptions = string.Join(' ', new[]
    {
        "search_path=", "role=none", "session_replication_role=origin", "row_security=on",
        "statement_timeout=0", "lock_timeout=0", "idle_in_transaction_session_timeout=0",
        "default_transaction_read_only=off", "default_transaction_isolation=read\\ committed", "default_transaction_deferrable=off",
        "datestyle=ISO", "intervalstyle=postgres", "timezone=UTC", "bytea_output=hex", "extra_float_digits=3",
        "lc_monetary=C", "lc_messages=C", "xmlbinary=base64", "standard_conforming_strings=on", "client_min_messages=warning", "jit=off",
    }.Select(static setting => $"-c {setting}"));

    /// <summary>Only sessions in the maintenance database are pooled: a pooled session in any other database would
    /// outlive a rename and then be in the wrong one.</summary>
    public static string For(ClusterEndpoint endpoint, DatabaseName? database) => new NpgsqlConnectionStringBuilder
    {
        Host = endpoint.SocketDirectory,
        Port = endpoint.Port,
        Username = endpoint.AdminRole,
        Password = endpoint.AdminPassword?.Value,
        RequireAuth = endpoint.AdminPassword is null ? null : "ScramSHA256",
        Database = database?.ToString() ?? MaintenanceDatabase,
        Options = SessionOptions,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = database is null,
        MaxPoolSize = 8,
        ConnectionIdleLifetime = 15,
        ConnectionPruningInterval = 5,
        Timeout = 15,
        CommandTimeout = 0,
        CancellationTimeout = 5000,
        Multiplexing = false,
        Enlist = false,
        IncludeErrorDetail = false,
    }.ConnectionString;
}
