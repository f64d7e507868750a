using Capyd.Postgres.Cluster;
using Capyd.Postgres.Instances;
using Capyd.Postgres.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Capyd.Postgres.Tests;

/// <summary>A throw-away server for tests, shared by the classes of one collection: <c>[Collection(nameof(TemporaryCluster))]</c>.</summary>
public sealed class TemporaryCluster : IAsyncLifetime
{
    private EmbeddedCluster? _embedded;
    private PostgresCluster? _cluster;

    /// <summary>Open to the OS user postgres, removed at the end.</summary>
    public string Directory { get; } = MakeDirectory();

    public PostgresBinaries Binaries { get; } = PostgresBinaries.Discover(null);

    public ToolRunner Runner { get; } = new(TimeProvider.System);

    public PostgresCluster Cluster => _cluster!;

    public ClusterEndpoint Endpoint => Cluster.Endpoint;

    public static string MakeDirectory()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("capyd-test-").FullName;
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        return directory;
    }

    public async Task InitializeAsync()
    {
        var settings = new EmbeddedSettings(Path.Combine(Directory, "postgres"), PreferredPort: 25432);
        _embedded = new EmbeddedCluster(settings, Binaries.NewestServer(), Runner, NullLogger.Instance);
        _cluster = new PostgresCluster(await _embedded.StartAsync(CancellationToken.None));
        await KeepLittleWalAsync();
    }

    /// <summary>It may live in memory.</summary>
    private async Task KeepLittleWalAsync()
    {
        await ExecuteAsync(null, "ALTER SYSTEM SET max_wal_size = '256MB'");
        await ExecuteAsync(null, "SELECT pg_reload_conf()");
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }

        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Runs SQL as the superuser; no database means postgres.</summary>
    public async Task ExecuteAsync(string? database, string sql)
    {
        await using var connection = await Cluster.OpenAsync(Name(database), "test", CancellationToken.None);
        await connection.ExecuteAsync(sql, CancellationToken.None);
    }

    public async Task<T?> ScalarAsync<T>(string? database, string sql)
    {
        await using var connection = await Cluster.OpenAsync(Name(database), "test", CancellationToken.None);
        return await connection.ScalarAsync<T>(sql, CancellationToken.None);
    }

    /// <summary>Waits until a query answers true; ten seconds at most.</summary>
    public async Task UntilAsync(string? database, string sql)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await ScalarAsync<bool>(database, sql))
        {
            await Task.Delay(50, deadline.Token);
        }
    }

    /// <summary>A session as a tenant has it: a password over TCP.</summary>
    public async Task<NpgsqlConnection> LoginAsync(string database, RoleName role, Password password)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = Endpoint.LoginHost,
            Port = Endpoint.Port,
            Database = database,
            Username = role.ToString(),
            Password = password.Value,
            Pooling = false,
            SslMode = SslMode.Disable,
        };
        var connection = new NpgsqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static DatabaseName? Name(string? database) => database is null ? null : DatabaseName.Parse(database);
}
