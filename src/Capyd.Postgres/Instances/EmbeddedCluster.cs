using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Capyd.Postgres.Instances;

/// <summary>capyd's own PostgreSQL server: made at the first start, found again after a crash of the daemon, kept alive.</summary>
public sealed class EmbeddedCluster(EmbeddedSettings settings, PostgresInstallation installation, ToolRunner runner, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly EmbeddedLayout _layout = new(settings);
    private readonly PostmasterControl _control = new(new EmbeddedLayout(settings), installation, runner);
    private PostgresCluster? _cluster;

    /// <summary>Returns when the server answers.</summary>
    /// <exception cref="ToolFailedException">initdb or pg_ctl failed; the message has its last words.</exception>
    /// <exception cref="PostgresFailedException">The data is of another major version, or no port is free.</exception>
    public async Task<ClusterEndpoint> StartAsync(CancellationToken cancellationToken)
    {
        var started = runner.Clock.GetTimestamp();
        RefuseOtherMajor();
        var initializer = new ClusterInitializer(_layout, installation, runner);
        await initializer.PrepareDirectoriesAsync(cancellationToken);
        var port = EmbeddedConfiguration.Port(_layout.Data) ?? EmbeddedConfiguration.FreePort(settings.PreferredPort);
        if (!Directory.Exists(_layout.Data))
        {
            logger.Initializing(installation.Major, _layout.Data);
            await initializer.InitializeAsync(port, cancellationToken);
        }

        var endpoint = new ClusterEndpoint(_layout.Run, port, EmbeddedConfiguration.AdminRole, _layout.OsUser);
        _cluster ??= new PostgresCluster(endpoint) { ApplicationName = "capyd supervisor" };
        await RunAsync(port, cancellationToken);
        await BeginAsync(_cluster, cancellationToken);
        logger.Started(_layout.Run, port, runner.Clock.GetElapsedTime(started));
        return endpoint;
    }

    /// <summary>A server that ends a recovery counts as started before it takes logins.</summary>
    private async Task BeginAsync(PostgresCluster cluster, CancellationToken cancellationToken)
    {
        var begun = runner.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                await CloseMaintenanceDatabasesAsync(cluster, cancellationToken);
                return;
            }
            catch (PostgresFailedException e) when (e.SqlState == PostgresErrorCodes.CannotConnectNow && runner.Clock.GetElapsedTime(begun) < LongestDelay)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), runner.Clock, cancellationToken);
            }
        }
    }

    /// <summary>Ends all sessions and stops the server; nothing when it is not running.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (await _control.IsRunningAsync(cancellationToken) && !await _control.StopFastAsync(cancellationToken))
        {
            logger.StoppingAtOnce();
            await _control.StopAtOnceAsync(cancellationToken);
        }
    }

    /// <summary>Starts the server again whenever it ends, with growing delays, until cancelled. Call after
    /// <see cref="StartAsync"/>.</summary>
    public async Task SuperviseAsync(CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await WaitForEndAsync(cancellationToken);
                logger.Died();
                await StartAsync(cancellationToken);
                delay = FirstDelay;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is ToolFailedException or PostgresFailedException or IOException)
            {
                logger.RestartFailed(e, delay);
                await Task.Delay(delay, runner.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
            _cluster = null;
            await StopAsync(CancellationToken.None);
        }
    }

    private async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        if (PostmasterFile.RemoveForeign(_layout.Data))
        {
            logger.RemovedForeignPid(_layout.Data);
        }

        if (await _control.IsRunningAsync(cancellationToken))
        {
            logger.Adopted();
            await _control.WaitUntilReadyAsync(_cluster!, cancellationToken);
            return;
        }

        EmbeddedConfiguration.Write(_layout.Data, _layout, port);
        await _control.StartAsync(cancellationToken);
    }

    /// <summary>Returns when the server is gone; a session that merely ended is opened again.</summary>
    private async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        do
        {
            try
            {
                await _cluster!.WaitForDisconnectAsync(cancellationToken);
            }
            catch (PostgresFailedException) when (!cancellationToken.IsCancellationRequested)
            {
                // Whether the server or only this session ended is for pg_ctl to say, after a moment for either to finish.
                await Task.Delay(FirstDelay, runner.Clock, cancellationToken);
            }
        }
        while (await _control.IsRunningAsync(cancellationToken));
    }

    /// <summary>Tenants have nothing to do in the databases of the server itself.</summary>
    private static Task<int> CloseMaintenanceDatabasesAsync(PostgresCluster cluster, CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            "close the databases postgres and template1 to tenants",
            connection => connection.ExecuteAsync("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC", cancellationToken),
            cancellationToken);

    private void RefuseOtherMajor()
    {
        if (settings.InitializedMajor() is { } major && major != installation.Major)
        {
            throw new PostgresFailedException(
                $"{_layout.Data} was made by PostgreSQL {major} and cannot be run by PostgreSQL {installation.Major}. "
                + $"Install postgresql-{major}.",
                null,
                RetryClass.Permanent);
        }
    }
}
