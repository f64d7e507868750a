namespace Capyd.Postgres.Recovery;

/// <summary>What every server has that recovers a copy: nothing of the source acts in it, and it tells its troubles to capyd alone.</summary>
internal static class PrivateServer
{
    public static readonly (string Name, string Value)[] Settings =
    [
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("ssl", "off"),

        // Nothing of the source may act here: no archiving into its archive, no workers, no foreign code.
        ("archive_mode", "off"),
        ("primary_conninfo", ""),
        ("synchronous_standby_names", ""),
        ("shared_preload_libraries", ""),
        ("session_preload_libraries", ""),
        ("local_preload_libraries", ""),
        ("max_logical_replication_workers", "0"),
        ("autovacuum", "off"),
        ("wal_level", "replica"),
        ("restart_after_crash", "off"),

        // Without it a parameter that was raised in the WAL would pause recovery.
        ("hot_standby", "off"),
        ("recovery_target_action", "promote"),

        ("logging_collector", "off"),
        ("log_destination", "stderr"),
        ("log_line_prefix", "capyd "),
        ("log_min_messages", "error"),
        ("log_checkpoints", "off"),
        ("lc_messages", "C"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
    ];

    /// <summary>The configuration file with these settings.</summary>
    public static string Text(IEnumerable<(string Name, string Value)> settings) =>
        string.Concat(settings.Select(static setting => $"{setting.Name} = {Quoted(setting.Value)}\n"));

    /// <summary>A value in a configuration file, where a backslash escapes.</summary>
    private static string Quoted(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'";
}
