using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;
using Capyd.Postgres.Tests.Wal;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.Recovery;

/// <summary>A base backup of a server, the archive of its WAL from then on, and the sandbox the two are recovered in.</summary>
internal sealed class RecoveryScenario : IAsyncDisposable
{
    private readonly string _directory = TemporaryCluster.MakeDirectory();
    private readonly WalServer _server;
    private readonly List<IAsyncDisposable> _open = [];

    private RecoveryScenario(WalServer server)
    {
        _server = server;
        Archive = new WalArchive(server, _directory);
    }

    public WalArchive Archive { get; }

    public string Sandboxes => Path.Combine(_directory, "sandboxes");

    public string Backup => Path.Combine(_directory, "backup", "data");

    public static async Task<RecoveryScenario> BeginAsync(WalServer server)
    {
        var scenario = new RecoveryScenario(server);
        await scenario.Archive.SeenAsync<Postgres.Wal.WalReceiverEvent.Progress>();
        await OwnedDirectory.CreateAsync(
            server.Runner, Path.GetDirectoryName(scenario.Backup)!, server.Cluster.Endpoint.ToolUser, CancellationToken.None);
        await server.BaseBackupAsync(scenario.Backup);
        return scenario;
    }

    /// <summary>A sandbox with its own copy of the base backup.</summary>
    public async Task<RecoverySandbox> SandboxAsync(string name, Func<SandboxSettings, SandboxSettings>? change = null)
    {
        var settings = new SandboxSettings(Path.Combine(Sandboxes, name), _server.Cluster.Endpoint.AdminRole, _server.Cluster.Endpoint.ToolUser);
        var sandbox = new RecoverySandbox(change?.Invoke(settings) ?? settings, _server.Installation, _server.Runner);
        Directory.CreateDirectory(settings.Directory);
        var copy = new ToolCommand("cp", ["-a", "--sparse=always", "--", Backup, sandbox.DataDirectory]);
        (await _server.Runner.RunAsync(copy, ToolStreams.None, CancellationToken.None)).EnsureSuccess(copy);
        _open.Add(sandbox);
        return sandbox;
    }

    public RecoveryRequest Request(RecoveryTarget target, uint timeline = 1) => new(target, Archive.RestoreCommand, new TimelineId(timeline));

    /// <summary>The first column of the first row of a query in the sandbox.</summary>
    public static async Task<string?> AskAsync(RecoverySandbox sandbox, string sql, string? database = null)
    {
        await using var cluster = new PostgresCluster(sandbox.Endpoint);
        await using var connection = await cluster.OpenAsync(
            database is null ? null : DatabaseName.Parse(database), "test", CancellationToken.None);
        return await connection.ScalarAsync<string>(sql, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sandbox in _open)
        {
            await sandbox.DisposeAsync();
        }

        await Archive.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
