using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Recovery;

/// <summary>Writes what a sandbox is started with. Nothing of the copied server's own configuration is read.</summary>
internal static class SandboxConfiguration
{
    public static void Write(SandboxLayout layout, SandboxSettings settings, RecoveryRequest request, int major, ControlData control)
    {
        Directory.CreateDirectory(layout.Configuration);
        File.WriteAllText(MainFile(layout), Text(layout, settings, request, major, control));
        File.WriteAllText(Access(layout), $"local all {SqlIdentifier.Quote(settings.AdminRole)} trust\n");
        File.WriteAllText(Identities(layout), "");
        NeutralizeData(layout.Data);
    }

    public static string MainFile(SandboxLayout layout) => Path.Combine(layout.Configuration, "postgresql.conf");

    /// <summary>postgresql.auto.conf is read whatever configuration is named; the source's archive and standby settings are in it.</summary>
    private static void NeutralizeData(string data)
    {
        foreach (var stale in new[] { "standby.signal", "postmaster.pid", "postmaster.opts", "current_logfiles" })
        {
            File.Delete(Path.Combine(data, stale));
        }

        File.WriteAllText(Path.Combine(data, "postgresql.auto.conf"), "");
        File.WriteAllText(Path.Combine(data, "recovery.signal"), "");
    }

    private static string Text(SandboxLayout layout, SandboxSettings settings, RecoveryRequest request, int major, ControlData control)
    {
        var lines = Fixed
            .Concat(major >= 15 ? [("archive_library", ""), ("recovery_prefetch", "try")] : [])
            .Concat(major >= 17 ? [("event_triggers", "off")] : [])
            .Concat(Places(layout, settings))
            .Concat(control.Minimums)
            .Concat(request.Target.Settings)
            .Append(("restore_command", request.RestoreCommand))
            .Append(("recovery_target_timeline", request.Timeline.ToString()))
            .Append(("ignore_invalid_pages", settings.IgnoreInvalidPages ? "on" : "off"));
        return PrivateServer.Text(lines);
    }

    private static (string, string)[] Places(SandboxLayout layout, SandboxSettings settings) =>
    [
        ("data_directory", layout.Data),
        ("hba_file", Access(layout)),
        ("ident_file", Identities(layout)),
        ("unix_socket_directories", layout.Run),
        ("port", settings.Port.ToString(CultureInfo.InvariantCulture)),
        ("shared_buffers", string.Create(CultureInfo.InvariantCulture, $"{settings.SharedBuffersMegabytes}MB")),
    ];

    private static readonly (string, string)[] Fixed =
    [
        .. PrivateServer.Settings,
        ("cluster_name", "capyd sandbox"),
        ("archive_command", ""),

        // Thrown away after use: durability would only cost.
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("wal_recycle", "off"),
        ("wal_init_zero", "off"),
        ("max_wal_size", "1GB"),
        ("huge_pages", "off"),
        ("jit", "off"),
        ("log_error_verbosity", "default"),
    ];

    private static string Access(SandboxLayout layout) => Path.Combine(layout.Configuration, "pg_hba.conf");

    private static string Identities(SandboxLayout layout) => Path.Combine(layout.Configuration, "pg_ident.conf");
}
