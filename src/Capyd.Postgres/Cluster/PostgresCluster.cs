using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>One PostgreSQL server, administered by capyd's superuser over its Unix socket.</summary>
public sealed class PostgresCluster(ClusterEndpoint endpoint) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _maintenance = Build(endpoint, null);

    public ClusterEndpoint Endpoint { get; } = endpoint;

    /// <summary>How the sessions of administration call themselves in pg_stat_activity.</summary>
    public string ApplicationName { get; init; } = "capyd";

    /// <exception cref="PostgresFailedException">The server does not answer, or refuses capyd.</exception>
    public Task<ServerFacts> ProbeAsync(CancellationToken cancellationToken) =>
        UseAsync(null, "ask the server for its version", connection => ServerProbe.ReadAsync(connection, cancellationToken), cancellationToken);

    /// <summary>An open session; the caller disposes it. No database means the maintenance database.</summary>
    internal async Task<NpgsqlConnection> OpenAsync(DatabaseName? database, string applicationName, CancellationToken cancellationToken)
    {
        if (database is not { } name)
        {
            return await OpenAsync(_maintenance, database, applicationName, cancellationToken);
        }

        // Kept for none but the maintenance database: a source for each of a thousand tenants held 250 MB. The driver lists each
        // source, 70 kB, until it is disposed; the session that it opened goes on.
        await using var source = Build(Endpoint, name);
        return await OpenAsync(source, database, applicationName, cancellationToken);
    }

    private async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, DatabaseName? database, string applicationName, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenNamedAsync(source, applicationName, cancellationToken)
                ?? await FreshAsync(source, applicationName, cancellationToken);
        }
        catch (Exception e) when (PostgresFailure.IsFromServer(e))
        {
            throw PostgresFailure.From(e, $"connect to {Describe(database)}");
        }
    }

    /// <summary>Runs work in a session of its own and translates what fails.</summary>
    /// <param name="doing">What is tried, as the middle of a sentence.</param>
    internal Task<T> UseAsync<T>(
        DatabaseName? database, string doing, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync(doing, async () =>
        {
            await using var connection = await OpenAsync(database, ApplicationName, cancellationToken);
            return await work(connection);
        });

    internal Task UseAsync(DatabaseName? database, string doing, Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken) =>
        UseAsync(
            database,
            doing,
            async connection =>
            {
                await work(connection);
                return true;
            },
            cancellationToken);

    /// <summary>Returns never: ends with the exception that ended the session, which is the fact that the server may be gone.</summary>
    internal Task WaitForDisconnectAsync(CancellationToken cancellationToken) =>
        UseAsync(null, "keep a session open", connection => connection.WaitAsync(cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => _maintenance.DisposeAsync();

    /// <summary>Types are not loaded: a tenant may have made thousands, and none of them is ever sent to us.</summary>
    private static NpgsqlDataSource Build(ClusterEndpoint endpoint, DatabaseName? database)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(ConnectionText.For(endpoint, database));
        builder.EnableArrays();
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    /// <returns>Null when the session came from the pool and died while it lay there, as after a restart of the server.</returns>
    private static async Task<NpgsqlConnection?> OpenNamedAsync(NpgsqlDataSource source, string applicationName, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await connection.NameAsync(applicationName, cancellationToken);
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            if (e is NpgsqlException && !cancellationToken.IsCancellationRequested)
            {
                source.Clear();
                return null;
            }

            throw;
        }
    }

    private static async Task<NpgsqlConnection> FreshAsync(NpgsqlDataSource source, string applicationName, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await connection.NameAsync(applicationName, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private string Describe(DatabaseName? database) =>
        $"database {database?.ToString() ?? ConnectionText.MaintenanceDatabase} of the server at {Endpoint.SocketDirectory}, port {Endpoint.Port}";
}
