using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.BaseBackups;

/// <summary>A server on a restored data directory, with the WAL that the live one still has.</summary>
internal sealed class RestoredServer : IAsyncDisposable
{
    private const int Port = 25999;

    private readonly TemporaryCluster _live;
    private readonly string _data;

    public PostgresCluster Cluster { get; }

    public static async Task<RestoredServer> StartAsync(TemporaryCluster live, string data)
    {
        await live.ExecuteAsync(null, "SELECT pg_catalog.pg_switch_wal()");
        var sockets = Path.Combine(live.Directory, "postgres", "run");
        await RunAsync(live, "cp", "-r", Path.Combine(live.Directory, "postgres/pgdata/pg_wal/."), Path.Combine(data, "pg_wal"));
        await StartAsync(live, data, sockets);
        return new RestoredServer(live, data, sockets);
    }

    /// <summary>Stops the server, takes the checksums off its pages and starts it again.</summary>
    public async Task RemoveChecksumsAsync()
    {
        await RunAsync(_live, _live.Binaries.NewestServer().PathOf("pg_ctl"), "-D", _data, "-m", "fast", "stop");
        await RunAsync(_live, _live.Binaries.NewestServer().PathOf("pg_checksums"), "--disable", "-D", _data);
        await StartAsync(_live, _data, Cluster.Endpoint.SocketDirectory);
    }

    private static async Task StartAsync(TemporaryCluster live, string data, string sockets)
    {
        var settings = $"-c port={Port} -c unix_socket_directories={sockets} -c listen_addresses= -c logging_collector=off -c ignore_invalid_pages=on";
        var log = Path.Combine(data, "start.log");
        try
        {
            await RunAsync(live, live.Binaries.NewestServer().PathOf("pg_ctl"), "-D", data, "-w", "-l", log, "-o", settings, "start");
        }
        catch (ToolFailedException e)
        {
            throw new InvalidOperationException(await File.ReadAllTextAsync(log), e);
        }
    }

    private RestoredServer(TemporaryCluster live, string data, string sockets)
    {
        _live = live;
        _data = data;
        Cluster = new PostgresCluster(new ClusterEndpoint(sockets, Port, live.Endpoint.AdminRole, live.Endpoint.ToolUser));
    }

    public async Task<T?> ScalarAsync<T>(string database, string sql)
    {
        await using var connection = await Cluster.OpenAsync(DatabaseName.Parse(database), "test", CancellationToken.None);
        return await connection.ScalarAsync<T>(sql, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await RunAsync(_live, _live.Binaries.NewestServer().PathOf("pg_ctl"), "-D", _data, "-m", "immediate", "stop");
    }

    private static async Task RunAsync(TemporaryCluster live, string program, params string[] arguments)
    {
        var command = new ToolCommand(program, arguments) { RunAs = live.Endpoint.ToolUser };
        (await live.Runner.RunAsync(command, ToolStreams.None, CancellationToken.None)).EnsureSuccess(command);
    }
}
