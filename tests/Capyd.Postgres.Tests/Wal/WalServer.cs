using Capyd.Postgres.Cluster;
using Capyd.Postgres.Instances;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capyd.Postgres.Tests.Wal;

/// <summary>A server of one's own, because WAL is the whole server's.</summary>
public sealed class WalServer : IAsyncLifetime
{
    private static int s_servers;

    /// <summary>Apart, because servers that start at the same moment find the same port free.</summary>
    private readonly int _port = 21000 + (Environment.ProcessId % 50 * 200) + (Interlocked.Increment(ref s_servers) * 20);
    private EmbeddedCluster? _embedded;
    private PostgresCluster? _cluster;

    public string Directory { get; } = TemporaryCluster.MakeDirectory();

    public PostgresInstallation Installation { get; } = PostgresBinaries.Discover(null).NewestServer();

    public ToolRunner Runner { get; } = new(TimeProvider.System);

    public PostgresCluster Cluster => _cluster!;

    public WalLineage Lineage { get; private set; } = null!;

    public string DataDirectory => Path.Combine(Directory, "postgres", "pgdata");

    public async Task InitializeAsync()
    {
        await StartAsync();
        Lineage = await WalLineage.ReadAsync(Cluster, CancellationToken.None);
    }

    public async Task StartAsync()
    {
        _embedded = new EmbeddedCluster(
            new EmbeddedSettings(Path.Combine(Directory, "postgres"), PreferredPort: _port), Installation, Runner, NullLogger.Instance);
        var endpoint = await _embedded.StartAsync(CancellationToken.None);
        _cluster ??= new PostgresCluster(endpoint);
    }

    public Task StopAsync() => _embedded!.StopAsync(CancellationToken.None);

    /// <summary>As Debian's clusters are: then not every change of a page is in the WAL as a whole page.</summary>
    public async Task DisableChecksumsAsync()
    {
        await StopAsync();
        var command = new ToolCommand(Installation.PathOf("pg_checksums"), ["--disable", $"--pgdata={DataDirectory}"])
        {
            RunAs = Cluster.Endpoint.ToolUser,
        };
        (await Runner.RunAsync(command, ToolStreams.None, CancellationToken.None)).EnsureSuccess(command);
        await StartAsync();
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

    public Task ExecuteAsync(string sql, string? database = null) => ScalarAsync<string>(sql, database);

    public async Task<T?> ScalarAsync<T>(string sql, string? database = null)
    {
        await using var connection = await Cluster.OpenAsync(
            database is null ? null : DatabaseName.Parse(database), "test", CancellationToken.None);
        return await connection.ScalarAsync<T>(sql, CancellationToken.None);
    }

    public async Task<Lsn> LsnAsync(string expression) => Lsn.Parse((await ScalarAsync<string>($"SELECT ({expression})::text"))!);

    /// <summary>Ends the current segment; does nothing to an empty one.</summary>
    public Task<Lsn> SwitchAsync() => LsnAsync("pg_switch_wal()");

    /// <summary>Writes something, then ends the segment.</summary>
    /// <returns>A position in it.</returns>
    public async Task<Lsn> SwitchFilledAsync()
    {
        await ExecuteAsync("SELECT pg_current_xact_id()");
        return await SwitchAsync();
    }

    public WalReceiverSettings ReceiverSettings(string spool) => new(spool, Lineage)
    {
        ProbeInterval = TimeSpan.FromMilliseconds(100),
        FirstDelay = TimeSpan.FromMilliseconds(100),
        LongestDelay = TimeSpan.FromMilliseconds(400),
    };

    public WalReceiver Receiver(string spool) => new(ReceiverSettings(spool), Cluster, Installation, Runner);

    /// <summary>A plain copy by pg_basebackup, without WAL.</summary>
    public async Task BaseBackupAsync(string directory)
    {
        var endpoint = Cluster.Endpoint;
        var command = new ToolCommand(
            Installation.PathOf("pg_basebackup"),
            [$"--pgdata={directory}", "--checkpoint=fast", "--wal-method=none", $"--host={endpoint.SocketDirectory}", $"--port={endpoint.Port}", $"--username={endpoint.AdminRole}"])
        {
            RunAs = endpoint.ToolUser,
        };
        (await Runner.RunAsync(command, ToolStreams.None, CancellationToken.None)).EnsureSuccess(command);
    }

    /// <summary>The lines of pg_waldump over these segments. It ends with a complaint where the written part ends.</summary>
    public async Task<List<string>> DumpAsync(string directory, List<WalSegmentName> segments, params string[] options)
    {
        var lines = new List<string>();
        var command = new ToolCommand(Installation.PathOf("pg_waldump"), [.. options, $"--path={directory}", segments[0].ToString(), segments[^1].ToString()])
        {
            RunAs = Environment.IsPrivilegedProcess ? "root" : null,
        };
        await Runner.RunAsync(
            command,
            new ToolStreams
            {
                Stdout = async (stream, cancellationToken) =>
                {
                    using var reader = new StreamReader(stream, leaveOpen: true);
                    while (await reader.ReadLineAsync(cancellationToken) is { } line)
                    {
                        lines.Add(line);
                    }
                },
            },
            CancellationToken.None);
        return lines;
    }

    /// <summary>Waits for a fact; thirty seconds at most.</summary>
    public static async Task UntilAsync(Func<Task<bool>> fact, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await fact())
        {
            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"This did not come about: {what}");
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }
}
