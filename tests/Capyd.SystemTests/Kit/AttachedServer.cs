using System.Globalization;

namespace Capyd.SystemTests.Kit;

/// <summary>A PostgreSQL server of the test's own, as a distribution would run it; stopped and started at will.</summary>
public sealed class AttachedServer : IAsyncDisposable
{
    private readonly string _root = Machine.NewDirectory();

    public int Port { get; } = Machine.FreePort();

    public string SocketDirectory => _root;

    public Superuser Superuser => new(SocketDirectory, Port);

    private string Data => Path.Combine(_root, "data");

    public static async Task<AttachedServer> CreateAsync()
    {
        Machine.Require();
        var server = new AttachedServer();
        (await Command.RunAsync("chown", "postgres", server._root)).Good();
        (await Tool("initdb", "-D", server.Data, "-U", "capyd", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")).Good();
        await File.WriteAllTextAsync(Path.Combine(server.Data, "pg_hba.conf"), "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
        await File.AppendAllTextAsync(Path.Combine(server.Data, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""

            port = {server.Port}
            listen_addresses = '127.0.0.1'
            unix_socket_directories = '{server.SocketDirectory}'
            unix_socket_permissions = 0777
            fsync = off

            """));
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync() => (await Tool("pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_root, "log"))).Good();

    /// <summary>A fast shutdown: it ends all sessions.</summary>
    public async Task StopAsync() => (await Tool("pg_ctl", "stop", "-m", "fast", "-w", "-D", Data)).Good();

    public async ValueTask DisposeAsync()
    {
        await Tool("pg_ctl", "stop", "-m", "immediate", "-w", "-D", Data);
        Directory.Delete(_root, recursive: true);
    }

    private static Task<CommandResult> Tool(string name, params string[] arguments) =>
        Command.AsPostgresAsync(Path.Combine(Machine.PostgresBin, name), arguments);
}
