using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>Drops a database whoever is in it; finishes a drop that was interrupted.</summary>
internal sealed class DatabaseDrop(PostgresCluster cluster, DatabaseName database)
{
    private static readonly string[] OfTheServer = [ConnectionText.MaintenanceDatabase, "template0", "template1"];

    public Task RunAsync(CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"drop database {database}",
            async server =>
            {
                RefuseServersOwn();
                if (await DatabaseState.ReadAsync(server, database, cancellationToken) is { } state)
                {
                    await EmptyAsync(server, state, cancellationToken);
                    await server.ExecuteAsync($"DROP DATABASE IF EXISTS {database.Quoted} WITH (FORCE)", cancellationToken);
                }
            },
            cancellationToken);

    private async Task EmptyAsync(NpgsqlConnection server, DatabaseState state, CancellationToken cancellationToken)
    {
        await DatabaseBlockers.RefuseDropAsync(server, database, cancellationToken);
        if (state.Invalid)
        {
            return;
        }

        if (state.IsTemplate)
        {
            await server.ExecuteAsync($"ALTER DATABASE {database.Quoted} IS_TEMPLATE false", cancellationToken);
        }

        await DatabaseSessions.EvictAsync(server, database, cancellationToken);
    }

    private void RefuseServersOwn()
    {
        if (OfTheServer.Contains(database.ToString()))
        {
            throw new PostgresFailedException($"Database {database} belongs to the server and is not dropped.", null, RetryClass.Permanent);
        }
    }
}
