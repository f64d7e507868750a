using System.Globalization;

namespace Capyd.SystemTests.RepositoryCommands;

/// <summary>A recovered data directory, started on a port of its own to look into it.</summary>
public static class RecoveredCluster
{
    private const string MarksSql = "SELECT (SELECT string_agg(n::text, ',' ORDER BY n) FROM marks) || '|' || (SELECT string_agg(n::text, ',' ORDER BY n) FROM far_marks)";

    /// <summary>The marks in both tables, as "1,2,3|1,2,3".</summary>
    public static async Task<string> MarksAsync(string data)
    {
        var (port, socket) = (Machine.FreePort(), Machine.NewDirectory());
        (await Command.RunAsync("chown", "postgres", socket)).Good();
        var options = string.Create(CultureInfo.InvariantCulture, $"-c port={port} -c unix_socket_directories={socket} -c listen_addresses= -c logging_collector=off");
        (await ToolAsync("pg_ctl", "start", "-w", "-s", "-D", data, "-l", Path.Combine(socket, "log"), "-o", options)).Good();
        try
        {
            return (await new Superuser(socket, port).OneAsync("postgres", MarksSql))!;
        }
        finally
        {
            await ToolAsync("pg_ctl", "stop", "-m", "fast", "-w", "-D", data);
            Directory.Delete(socket, recursive: true);
        }
    }

    private static Task<CommandResult> ToolAsync(string name, params string[] arguments) => Command.AsPostgresAsync(Path.Combine(Machine.PostgresBin, name), arguments);
}
