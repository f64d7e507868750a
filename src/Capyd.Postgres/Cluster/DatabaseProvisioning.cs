using System.Globalization;
using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>
/// Makes a database so that no step leaves a door open: it is created closed, marked, taken from PUBLIC, and only then
/// opened and handed to its owner. Every step may be repeated.
/// </summary>
internal sealed class DatabaseProvisioning(PostgresCluster cluster, DatabaseSpec spec)
{
    public Task RunAsync(CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync($"create database {spec.Name}", async () =>
        {
            await using var server = await cluster.OpenAsync(null, cluster.ApplicationName, cancellationToken);
            await CreateAsync(server, cancellationToken);
            await MarkAsync(server, cancellationToken);
            await DatabaseSessions.AllowAsync(server, spec.Name, true, cancellationToken);
            await GivePublicSchemaAsync(cancellationToken);
            await HandOverAsync(server, cancellationToken);
        });

    private async Task CreateAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        if (await DatabaseState.ReadAsync(server, spec.Name, cancellationToken) is { } state)
        {
            RefuseUnusable(state);
            return;
        }

        await server.ExecuteAsync(
            $"CREATE DATABASE {spec.Name.Quoted} TEMPLATE template0 ALLOW_CONNECTIONS false {spec.Locale?.Clause()}", cancellationToken);
    }

    /// <summary>A database without marker is ours only in the one state that a crash right after CREATE DATABASE leaves.</summary>
    private void RefuseUnusable(DatabaseState state)
    {
        var justCreated = state.Marker is null && !state.AllowsConnections && state.Owner == cluster.Endpoint.AdminRole;
        if (state.Invalid || (!justCreated && (state.Marker ?? "") != spec.Marker))
        {
            var reason = state.Invalid ? "is half dropped; drop it first" : "exists and is not capyd's; choose another name, or drop it";
            throw new PostgresFailedException($"Database {spec.Name} {reason}.", PostgresErrorCodes.DuplicateDatabase, RetryClass.Permanent);
        }
    }

    private async Task MarkAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        await using var transaction = await server.BeginTransactionAsync(cancellationToken);
        await server.ExecuteAsync($"COMMENT ON DATABASE {spec.Name.Quoted} IS {SqlIdentifier.Literal(spec.Marker)}", cancellationToken);
        await server.ExecuteAsync($"REVOKE ALL ON DATABASE {spec.Name.Quoted} FROM PUBLIC", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Skipped when the database has no public schema any more, as a restored one may.</summary>
    private async Task GivePublicSchemaAsync(CancellationToken cancellationToken)
    {
        await using var inside = await cluster.OpenAsync(spec.Name, cluster.ApplicationName, cancellationToken);
        if (!await inside.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public')", cancellationToken))
        {
            return;
        }

        await using var transaction = await inside.BeginTransactionAsync(cancellationToken);
        await inside.ExecuteAsync($"ALTER SCHEMA public OWNER TO {spec.Owner.Quoted}", cancellationToken);
        await inside.ExecuteAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task HandOverAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        await using var transaction = await server.BeginTransactionAsync(cancellationToken);
        foreach (var (name, value) in StorageHold.Without(spec.Settings))
        {
            await server.ExecuteAsync(new DatabaseSetting(null, name, value).Statement(spec.Name), cancellationToken);
        }

        await server.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"ALTER DATABASE {spec.Name.Quoted} CONNECTION LIMIT {spec.ConnectionLimit}"),
            cancellationToken);
        await server.ExecuteAsync($"ALTER DATABASE {spec.Name.Quoted} OWNER TO {spec.Owner.Quoted}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
