using System.Globalization;

namespace Capyd.Postgres.Recovery;

/// <summary>Writes what the recovering cluster is started with. Nothing of its own configuration is read meanwhile.</summary>
internal static class ClusterRecoveryConfiguration
{
    private static readonly (string, string)[] Fixed =
    [
        .. PrivateServer.Settings,
        ("cluster_name", "capyd recover"),
        ("port", "5432"),
        ("max_wal_size", "2GB"),
        ("checkpoint_timeout", "15min"),
        ("huge_pages", "try"),
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
        File.WriteAllText(settings.MainFile, PrivateServer.Text(lines));
        File.WriteAllText(Path.Combine(settings.Configuration, "pg_hba.conf"), "local all all peer\n");
        File.WriteAllText(Path.Combine(settings.Configuration, "pg_ident.conf"), "");
    }
}
