using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Instances;

/// <summary>Writes capyd.conf, pg_hba.conf and pg_ident.conf of the embedded server.</summary>
internal static partial class EmbeddedConfiguration
{
    public const string AdminRole = "capyd";
    private const string FileName = "capyd.conf";
    private const int PortsToTry = 200;

    /// <summary>Makes postgresql.conf read ours and, after it, the operator's own.</summary>
    public static void Include(string dataDirectory) =>
        File.AppendAllText(
            Path.Combine(dataDirectory, "postgresql.conf"),
            $"\n# capyd's settings, written at every start; what is in custom.conf wins.\ninclude '{FileName}'\ninclude_if_exists 'custom.conf'\n");

    public static void Write(string dataDirectory, EmbeddedLayout layout, int port)
    {
        Replace(dataDirectory, FileName, Settings(layout, port));
        Replace(dataDirectory, "pg_hba.conf", Access);
        Replace(dataDirectory, "pg_ident.conf", Identities(layout.OsUser));
    }

    /// <summary>The port chosen at the first start; null when there is none yet.</summary>
    public static int? Port(string dataDirectory)
    {
        var file = Path.Combine(dataDirectory, FileName);
        var match = File.Exists(file) ? PortLine().Match(File.ReadAllText(file)) : Match.Empty;
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    /// <exception cref="PostgresFailedException">No port in reach is free.</exception>
    public static int FreePort(int preferred)
    {
        for (var port = preferred; port < preferred + PortsToTry && port <= IPEndPoint.MaxPort; port++)
        {
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new PostgresFailedException(
            $"No free port from {preferred} on for the embedded server; configure another first port.", null, RetryClass.Permanent);
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }

    private static void Replace(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        var fresh = path + ".new";
        File.WriteAllText(fresh, text);
        File.SetUnixFileMode(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(fresh, path, overwrite: true);
    }

    private static string Settings(EmbeddedLayout layout, int port) => string.Create(CultureInfo.InvariantCulture, $"""
        # Written by capyd at every start. Put your own settings into custom.conf beside this file.
        port = {port}
        listen_addresses = '127.0.0.1'
        unix_socket_directories = {SqlIdentifier.Literal(layout.Run)}
        unix_socket_permissions = 0777
        cluster_name = 'capyd'
        max_connections = 200
        shared_buffers = 128MB
        maintenance_work_mem = 128MB
        wal_level = replica
        max_wal_senders = 10
        max_replication_slots = 10
        full_page_writes = on
        max_wal_size = 2GB
        password_encryption = 'scram-sha-256'
        timezone = 'UTC'
        log_timezone = 'UTC'
        logging_collector = on
        log_directory = {SqlIdentifier.Literal(layout.Log)}
        log_filename = 'postgresql-%a.log'
        log_truncate_on_rotation = on
        log_rotation_age = 1d
        log_rotation_size = 0
        log_line_prefix = '%m [%p] %q%u@%d %a '

        """);

    private const string Access = $"""
        # Written by capyd at every start. Its superuser is known by the OS user behind the socket and has no password login.
        local   all          {AdminRole}                 peer map=capyd
        local   replication  {AdminRole}                 peer map=capyd
        local   all          {AdminRole}                 reject
        host    all          {AdminRole}   all           reject
        local   all          all                         scram-sha-256
        host    all          all     127.0.0.1/32  scram-sha-256
        host    all          all     ::1/128       scram-sha-256

        """;

    private static string Identities(string? osUser) =>
        "# Written by capyd at every start: the OS users that may be capyd's superuser.\n"
        + string.Concat(new[] { "root", Environment.UserName, osUser ?? "root" }.Distinct().Select(
            static user => $"capyd \"{user}\" {AdminRole}\n"));

    [GeneratedRegex(@"^port = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex PortLine();
}
