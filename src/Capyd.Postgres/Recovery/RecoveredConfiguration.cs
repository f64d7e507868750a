using System.Text.RegularExpressions;

namespace Capyd.Postgres.Recovery;

/// <summary>Gives a recovered cluster the configuration files that it needs to be started.</summary>
internal static partial class RecoveredConfiguration
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Puts back what ALTER SYSTEM had set, without what was about recovery and replication of the lost server, and writes
    /// the files that were elsewhere on it, as Debian keeps them.</summary>
    /// <returns>The names of the files that were written anew.</returns>
    public static IReadOnlyList<string> Complete(ClusterRecoverySettings settings, ControlData control)
    {
        var kept = File.ReadLines(settings.KeptSettings).Where(static line => !OfTheLostServer().IsMatch(line));
        File.WriteAllLines(Path.Combine(settings.DataDirectory, "postgresql.auto.conf"), kept);
        (string Name, string Text)[] wanted =
        [
            ("postgresql.conf", Main(control)), ("pg_hba.conf", Access), ("pg_ident.conf", "# MAPNAME  SYSTEM-USERNAME  PG-USERNAME\n"),
        ];
        var missing = wanted.Where(file => !File.Exists(Path.Combine(settings.DataDirectory, file.Name))).ToList();
        foreach (var (name, text) in missing)
        {
            var path = Path.Combine(settings.DataDirectory, name);
            File.WriteAllText(path, text);
            File.SetUnixFileMode(path, OwnerOnly);
        }

        return [.. missing.Select(static file => file.Name)];
    }

    private static string Main(ControlData control) =>
        """
        # Written by capyd recover: the lost server kept its configuration outside the data directory.
        # Put your own settings here, or point config_file to your own file.
        listen_addresses = 'localhost'
        password_encryption = 'scram-sha-256'
        timezone = 'UTC'
        log_timezone = 'UTC'
        # At least what the lost server had.

        """
        + string.Concat(control.Minimums.Select(static line => $"{line.Name} = {line.Value}\n"));

    private const string Access = """
        # Written by capyd recover: the lost server kept its own outside the data directory.
        local   all          all                 peer
        local   replication  all                 peer
        host    all          all  127.0.0.1/32   scram-sha-256
        host    all          all  ::1/128        scram-sha-256

        """;

    [GeneratedRegex(@"^\s*(?:restore_command|recovery_\w+|primary_\w+|archive_cleanup_command|synchronous_standby_names|hot_standby\w*|promote_trigger_file)\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex OfTheLostServer();
}
