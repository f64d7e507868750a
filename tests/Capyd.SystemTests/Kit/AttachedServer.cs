using System.Globalization;

namespace Capyd.SystemTests.Kit;

/// <summary>A PostgreSQL server of the test's own, as a distribution would run it; stopped and started at will.</summary>
public sealed class AttachedServer : IAsyncDisposable
{
    private static readonly ClusterTemplate s_template = new(async root =>
    {
        (await Command.RunAsync("chown", "postgres", root)).Good();
        var data = Path.Combine(root, "data");
        await MakeAsync(data);
        return data;
    });

    private readonly string _root;

    private AttachedServer(string root) => _root = root;

    public int Port { get; } = Machine.FreePort();

    public string SocketDirectory => _root;

    public Superuser Superuser => new(SocketDirectory, Port);

    public string Data => Path.Combine(_root, "data");

    public static Task<AttachedServer> CreateAsync() => CreateAsync(Machine.NewDirectory());

    /// <summary>One whose WAL can be followed, which needs fsync.</summary>
    public static Task<AttachedServer> CreateFollowedAsync(params string[] settings) => CreateAsync(Machine.NewDirectory(), ["fsync = on", .. settings]);

    /// <param name="root">A directory of its own, as on a small disk.</param>
    /// <param name="settings">Lines of postgresql.conf.</param>
    public static async Task<AttachedServer> CreateAsync(string root, params string[] settings)
    {
        Machine.Require();
        var server = new AttachedServer(root);
        (await Command.RunAsync("chown", "postgres", root)).Good();
        await s_template.CopyAsync(server.Data);
        await server.ConfigureAsync(settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>Another cluster takes its place, at the same address.</summary>
    public async Task ReplaceAsync()
    {
        var configuration = await File.ReadAllTextAsync(Path.Combine(Data, "postgresql.conf"));
        await StopAsync();
        (await Command.RunAsync("rm", "-rf", Data)).Good();
        await MakeAsync(Data);
        await ConfigureAsync([]);
        await File.WriteAllTextAsync(Path.Combine(Data, "postgresql.conf"), configuration);
        await StartAsync();
    }

    private static async Task MakeAsync(string data) =>
        (await Tool("initdb", "-D", data, "-U", "capyd", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")).Good();

    private async Task ConfigureAsync(string[] settings)
    {
        await File.WriteAllTextAsync(Path.Combine(Data, "pg_hba.conf"), "local all all trust\nlocal replication all trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""

            port = {Port}
            listen_addresses = '127.0.0.1'
            unix_socket_directories = '{SocketDirectory}'
            unix_socket_permissions = 0777
            fsync = off
            {string.Join('\n', settings)}

            """));
    }

    /// <param name="environment">Of the server.</param>
    public async Task StartAsync(params (string Name, string Value)[] environment) => (await Command.AsPostgresAsync(
        "/usr/bin/env",
        [.. environment.Select(entry => $"{entry.Name}={entry.Value}"), Path.Combine(Machine.PostgresBin, "pg_ctl"), "start", "-w", "-D", Data, "-l", Path.Combine(_root, "log")])).Good();

    /// <summary>A fast shutdown: it ends all sessions.</summary>
    public async Task StopAsync() => (await Tool("pg_ctl", "stop", "-m", "fast", "-w", "-D", Data)).Good();

    /// <summary>As a crash of the machine would, but for what the kernel holds.</summary>
    public Task StopAtOnceAsync() => Tool("pg_ctl", "stop", "-m", "immediate", "-w", "-D", Data);

    /// <summary>Stopped in order, and promoted to a new timeline at its next start, as the standby that takes a server's place is.</summary>
    public async Task PromoteAsync()
    {
        await StopAsync();
        var signal = Path.Combine(Data, "standby.signal");
        await File.WriteAllTextAsync(signal, "");
        (await Command.RunAsync("chown", "postgres", signal)).Good();
        await StartAsync();
        (await Tool("pg_ctl", "promote", "-w", "-D", Data)).Good();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAtOnceAsync();
        foreach (var entry in Directory.EnumerateFileSystemEntries(_root).ToList())
        {
            (await Command.RunAsync("rm", "-rf", entry)).Good();
        }

        if (!DriveInfo.GetDrives().Any(drive => drive.Name == _root))
        {
            Directory.Delete(_root);
        }
    }

    private static Task<CommandResult> Tool(string name, params string[] arguments) =>
        Command.AsPostgresAsync(Path.Combine(Machine.PostgresBin, name), arguments);
}
