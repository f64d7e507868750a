using Capyd.Postgres.Clones;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Extensions;
using Capyd.Postgres.Tools;

namespace Capyd.Cluster;

/// <summary>The one PostgreSQL server: started here when embedded, watched in both modes. It may go away and come back.</summary>
internal sealed partial class PostgresServer(EmbeddedPostgres embedded, LoopHealth health, CapydOptions options, TimeProvider clock, ILogger<PostgresServer> logger) : IAsyncDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private TaskCompletionSource _answering = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PostgresCapabilities? _capabilities;

    /// <summary>What the server last said of itself; null before its first answer.</summary>
    public ServerFacts? Facts { get; private set; }

    /// <summary>Why it does not answer; null while it does.</summary>
    public string? Problem { get; private set; } = "PostgreSQL has not answered yet";

    public bool IsAnswering => Problem is null;

    public BuildRush Rush { get; } = new();

    /// <exception cref="CapydException">503 while the server has never been reached.</exception>
    public PostgresCapabilities Capabilities => _capabilities
        ?? throw new CapydException(ErrorCode.PostgresUnavailable, Problem ?? "PostgreSQL is not there", "capyd goes on by itself when it is back");

    public ClusterEndpoint Endpoint => Capabilities.Cluster.Endpoint;

    /// <summary>The sslmode of connection strings: what is configured, else what the server offers.</summary>
    public string SslMode => options.Postgres.SslMode ?? (Facts?.Tls == true ? "require" : "disable");

    public Task WaitUntilAnsweringAsync(CancellationToken cancellation) => Volatile.Read(ref _answering).Task.WaitAsync(cancellation);

    /// <summary>Starts the embedded cluster if that is the mode, then probes until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var pulse = health.Watch("watch over PostgreSQL", Patience);
        using var timer = new PeriodicTimer(ProbeInterval, clock);
        try
        {
            do
            {
                pulse.Beat();
                if (options.Embedded && _capabilities is null)
                {
                    pulse.Rest(); // creating or recovering a cluster takes as long as it takes
                }

                await ProbeAsync(stopping);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogWatchEnds();
        }
    }

    private async Task ProbeAsync(CancellationToken stopping)
    {
        try
        {
            _capabilities ??= Build(await EndpointAsync(stopping));
            using var deadline = new CancellationTokenSource(LongestProbe, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
            NoteAnswer(await _capabilities.Cluster.ProbeAsync(either.Token));
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            NoteSilence($"no answer within {LongestProbe.TotalSeconds} s: it hangs, or the machine is overloaded");
        }
        catch (Exception e) when (e is PostgresFailedException or ToolFailedException or ToolMissingException or IOException)
        {
            NoteSilence(e.Message);
        }
    }

    private async Task<ClusterEndpoint> EndpointAsync(CancellationToken stopping) => options.Embedded
        ? await embedded.StartAsync(stopping)
        : new ClusterEndpoint(
            options.Postgres.SocketDir, options.Postgres.Port, options.Postgres.AdminRole,
            Environment.IsPrivilegedProcess ? options.Postgres.OsUser : null, options.Postgres.LoginHost);

    private PostgresCapabilities Build(ClusterEndpoint endpoint)
    {
        var cluster = new PostgresCluster(endpoint);
        var tools = new ToolRunner(clock);
        var binaries = PostgresBinaries.Discover(options.Postgres.BinDir);
        return new PostgresCapabilities(
            cluster, new RoleAdmin(cluster), new DatabaseAdmin(cluster), new SnapshotDump(cluster, binaries, tools),
            new ArchiveRestore(cluster, binaries, tools), new InventoryReader(cluster),
            new ExtensionAdmin(cluster), new PortableDump(cluster, binaries, tools), new WalMarks(cluster), new DatabaseClone(cluster, binaries, tools));
    }

    private void NoteAnswer(ServerFacts facts)
    {
        if (!IsAnswering)
        {
            LogAnswers(facts.Version);
        }

        Facts = facts;
        Problem = null;
        _answering.TrySetResult();
    }

    private void NoteSilence(string problem)
    {
        if (Problem != problem)
        {
            LogSilent(problem);
        }

        Problem = problem;
        if (_answering.Task.IsCompleted)
        {
            Volatile.Write(ref _answering, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_capabilities is not null)
        {
            await _capabilities.Cluster.DisposeAsync();
        }

        await embedded.StopAsync();
    }

    [LoggerMessage(3000, LogLevel.Information, "PostgreSQL {Version} answers")]
    private partial void LogAnswers(string version);

    [LoggerMessage(3001, LogLevel.Warning, "PostgreSQL does not answer: {Problem}")]
    private partial void LogSilent(string problem);

    [LoggerMessage(3002, LogLevel.Debug, "the watch over PostgreSQL ends")]
    private partial void LogWatchEnds();
}
