using System.Globalization;

namespace Capyd.Postgres.Recovery;

/// <summary>Writes what the recovering cluster is started with. Nothing of its own configuration is read meanwhile.</summary>
internal static class ClusterRecoveryConfiguration
{
    private static readonly (string, string)[] Fixed =
    [
        ("cluster_name", "capyd recover"),
        ("port", "5432"),
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("ssl", "off"),
        ("archive_mode", "off"),
        ("primary_conninfo", ""),
        ("synchronous_standby_names", ""),
        ("shared_preload_libraries", ""),
        ("session_preload_libraries", ""),
        ("local_preload_libraries", ""),
        ("max_logical_replication_workers", "0"),
        ("autovacuum", "off"),
        ("wal_level", "replica"),
        ("max_wal_size", "2GB"),
        ("checkpoint_timeout", "15min"),
        ("restart_after_crash", "off"),
        ("huge_pages", "try"),
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

    public static void Write(ClusterRecoverySettings settings, RecoveryRequest request, int major, ControlData control)
    {
        var lines = Fixed
            .Concat(major >= 15 ? [("archive_library", ""), ("recovery_prefetch", "try")] : [])
            .Concat(control.Minimums)
            .Concat(request.Target.Settings)
            .Append(("data_directory", settings.DataDirectory))
            .Append(("hba_file", Path.Combine(settings.Configuration, "pg_hba.conf")))
            .Append(("ident_file", Path.Combine(settings.Configuration, "pg_ident.conf")))
            .Append(("unix_socket_directories", settings.Run))
            .Append(("shared_buffers", string.Create(CultureInfo.InvariantCulture, $"{settings.SharedBuffersMegabytes}MB")))
            .Append(("restore_command", request.RestoreCommand))
            .Append(("recovery_target_timeline", request.Timeline.ToString()));
        File.WriteAllText(settings.MainFile, string.Concat(lines.Select(static line => $"{line.Item1} = {Quoted(line.Item2)}\n")));
        File.WriteAllText(Path.Combine(settings.Configuration, "pg_hba.conf"), "local all all peer\n");
        File.WriteAllText(Path.Combine(settings.Configuration, "pg_ident.conf"), "");
    }

    /// <summary>A value in a configuration file, where a backslash escapes.</summary>
    public static string Quoted(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'";
}
