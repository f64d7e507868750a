using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Npgsql;

namespace Capyd.Postgres.Imports;

/// <summary>A confined server without network for one foreign file. It dies with capyd, and nothing of it is kept.</summary>
internal sealed class ThrowAwayCluster(QuarantineLayout layout, PostgresInstallation installation, ToolRunner runner, Confinement confinement)
    : IAsyncDisposable
{
    public static readonly RoleName Loader = RoleName.Parse("import");
    public static readonly DatabaseName Database = DatabaseName.Parse("import");

    private const int Port = 5432;
    private const string Admin = "capyd";
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    private readonly Password _adminPassword = Password.Random();
    private readonly Password _loaderPassword = Password.Random();
    private readonly CancellationTokenSource _end = new();
    private Task<ToolOutcome>? _server;

    public PostgresCluster Cluster { get; private set; } = null!;

    /// <summary>Completes when the server ends by itself; is cancelled when it is ended on purpose.</summary>
    public Task Died => _server!.ContinueWith(static _ => { }, _end.Token, TaskContinuationOptions.None, TaskScheduler.Default);

    public ConfinedPlace ClientPlace => new() { ReadOnly = [layout.Run] };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(layout.Cluster, "password");
        Directory.CreateDirectory(layout.Run);
        await File.WriteAllTextAsync(passwordFile, _adminPassword.Value, cancellationToken);
        await QuarantineFiles.GiveAsync(layout.Cluster, confinement, runner, cancellationToken);
        var initdb = Confined("initdb", [
            "--pgdata", layout.Data, "--username", Admin, "--pwfile", passwordFile, "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
        ]);
        (await runner.RunAsync(initdb, ToolStreams.None, cancellationToken)).EnsureSuccess(initdb);
        File.Delete(passwordFile);
        _server = runner.RunAsync(Confined("postgres", ["-D", layout.Data, .. Settings()]), ToolStreams.None, _end.Token);
        Cluster = new PostgresCluster(new ClusterEndpoint(layout.Run, Port, Admin, confinement.OsUser, layout.Run) { AdminPassword = _adminPassword });
        await WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Makes the database and the role without rights that owns it.</summary>
    public async Task ProvisionAsync(DatabaseLocale? locale, CancellationToken cancellationToken)
    {
        await new RoleAdmin(Cluster).EnsureAsync(new RoleSpec(Loader, _loaderPassword, -1, ""), cancellationToken);
        var spec = new DatabaseSpec(Database, Loader, locale, new Dictionary<string, string>());
        await new DatabaseAdmin(Cluster).ProvisionAsync(spec, cancellationToken);
    }

    /// <summary>A session of the role without rights. Its text is Latin-1 to the driver, so that bytes pass through unchanged.</summary>
    public async Task<NpgsqlConnection> LoginAsync(CancellationToken cancellationToken)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = layout.Run,
            Port = Port,
            Database = Database.ToString(),
            Username = Loader.ToString(),
            Password = _loaderPassword.Value,
            RequireAuth = "ScramSHA256",
            Encoding = "ISO-8859-1",
            ClientEncoding = "UTF8",
            Options = "-c client_min_messages=error -c check_function_bodies=off -c maintenance_work_mem=256MB",
            Pooling = false,
            CommandTimeout = 0,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var builder = new NpgsqlSlimDataSourceBuilder(text.ConnectionString);
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        await using var source = builder.Build();
        return await source.OpenConnectionAsync(cancellationToken);
    }

    /// <summary>Kills the server with everything in its namespace; there is nothing to keep.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }

        await _end.CancelAsync();
        await (_server ?? Task.CompletedTask).ContinueWith(static _ => { }, TaskScheduler.Default);
        _end.Dispose();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var started = runner.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                await Cluster.ProbeAsync(cancellationToken);
                return;
            }
            catch (PostgresFailedException e) when (e.Retry == RetryClass.Transient)
            {
                if (_server!.IsCompletedSuccessfully)
                {
                    _server.Result.EnsureSuccess(Confined("postgres", []));
                }

                if (runner.Clock.GetElapsedTime(started) > StartTimeout)
                {
                    throw;
                }
            }

            await Task.Delay(BetweenProbes, runner.Clock, cancellationToken);
        }
    }

    private ToolCommand Confined(string program, IReadOnlyList<string> arguments) =>
        confinement.Wrap(
            new ToolCommand(installation.PathOf(program), arguments) { Secrets = [_adminPassword.Value, _loaderPassword.Value] },
            new ConfinedPlace { Writable = layout.Cluster });

    /// <summary>Small, without network and workers of its own, and as careless as a server may be whose data nobody keeps.</summary>
    private IEnumerable<string> Settings() => new[]
    {
        "listen_addresses=", $"unix_socket_directories={layout.Run}", "unix_socket_permissions=0700",
        string.Create(CultureInfo.InvariantCulture, $"port={Port}"), "max_connections=12", "superuser_reserved_connections=6",
        "shared_buffers=64MB", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
        "max_wal_size=512MB", "autovacuum=off", "max_logical_replication_workers=0", "max_worker_processes=4", "max_parallel_workers=2",
        "logging_collector=off", "log_min_messages=fatal", "log_min_error_statement=panic", "timezone=UTC", "log_timezone=UTC", "jit=off",
    }.SelectMany(static setting => new[] { "-c", setting });
}
