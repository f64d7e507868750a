using Capyd.Postgres.Cluster;
using Capyd.Postgres.Instances;
using Capyd.Postgres.Tools;

namespace Capyd.Cluster;

/// <summary>capyd's own cluster below the data directory; made when it is first asked for, restarted when it dies.</summary>
internal sealed class EmbeddedPostgres(CapydOptions options, DataDirectory directories, TimeProvider clock, ILogger<EmbeddedPostgres> logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private EmbeddedCluster? _cluster;
    private Task _supervision = Task.CompletedTask;

    public async Task<ClusterEndpoint> StartAsync(CancellationToken cancellation)
    {
        var settings = new EmbeddedSettings(directories.Postgres, options.Postgres.OsUser, options.Postgres.EmbeddedPort);
        var installation = PostgresBinaries.Discover(options.Postgres.BinDir).ServerOf(settings.InitializedMajor());
        var cluster = new EmbeddedCluster(settings, installation, new ToolRunner(clock), logger);
        var endpoint = await cluster.StartAsync(cancellation);
        _cluster = cluster;
        _supervision = cluster.SuperviseAsync(_stopping.Token);
        return endpoint;
    }

    /// <summary>A fast shutdown. After a crash of capyd the server is left running, and the next start takes it over.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _supervision.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_cluster is not null)
        {
            await _cluster.StopAsync(CancellationToken.None);
            await _cluster.DisposeAsync();
        }
    }

    public void Dispose() => _stopping.Dispose();
}
