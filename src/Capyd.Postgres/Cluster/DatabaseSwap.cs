using Npgsql;

namespace Capyd.Postgres.Cluster;

/// <summary>
/// Puts a fresh database in the place of the live one, which is parked under another name. Both renames are one
/// transaction, so a parked database beside a missing fresh one proves that the swap was done.
/// </summary>
internal sealed class DatabaseSwap(PostgresCluster cluster, DatabaseName live, DatabaseName fresh, DatabaseName parked)
{
    public Task<SwapResult> RunAsync(CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            $"put database {fresh} in the place of {live}",
            async server =>
            {
                if (await IsDoneAsync(server, cancellationToken))
                {
                    await DatabaseSessions.AllowAsync(server, live, true, cancellationToken);
                    return SwapResult.AlreadySwapped;
                }

                await StandInAsync(server, cancellationToken);
                await ExchangeAsync(server, cancellationToken);
                return SwapResult.Swapped;
            },
            cancellationToken);

    private async Task<bool> IsDoneAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        var freshExists = await ExistsAsync(server, fresh, cancellationToken);
        var parkedExists = await ExistsAsync(server, parked, cancellationToken);
        return (freshExists, parkedExists) switch
        {
            (false, true) => true,
            (true, false) => false,
            (true, true) => throw Impossible($"both {fresh} and {parked} exist; drop the one that is not needed"),
            (false, false) => throw Impossible($"{fresh} does not exist"),
        };
    }

    /// <summary>When there is no live database an empty, closed one stands in, so that a parked one proves this swap too.</summary>
    private async Task StandInAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(server, live, cancellationToken))
        {
            return;
        }

        var marker = (await DatabaseState.ReadAsync(server, fresh, cancellationToken))?.Marker ?? "";
        await server.ExecuteAsync($"CREATE DATABASE {live.Quoted} TEMPLATE template0 ALLOW_CONNECTIONS false", cancellationToken);
        await server.ExecuteAsync($"COMMENT ON DATABASE {live.Quoted} IS {SqlIdentifier.Literal(marker)}", cancellationToken);
    }

    private async Task ExchangeAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        await DatabaseBlockers.RefuseRenameAsync(server, live, cancellationToken);
        await DatabaseBlockers.RefuseRenameAsync(server, fresh, cancellationToken);
        try
        {
            await DatabaseSessions.EvictAsync(server, fresh, cancellationToken);
            await DatabaseSessions.EvictAsync(server, live, cancellationToken);
            await RenameAsync(server, cancellationToken);
        }
        finally
        {
            // Whichever database has the name now, old or new, is open again: also after a failure or a cancellation.
            await ReopenAsync();
        }
    }

    private async Task RenameAsync(NpgsqlConnection server, CancellationToken cancellationToken)
    {
        await using var transaction = await server.BeginTransactionAsync(cancellationToken);
        await server.ExecuteAsync($"ALTER DATABASE {live.Quoted} RENAME TO {parked.Quoted}", cancellationToken);
        await server.ExecuteAsync($"ALTER DATABASE {fresh.Quoted} RENAME TO {live.Quoted}", cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>In a session of its own, because the other one may be what failed.</summary>
    private async Task ReopenAsync()
    {
        await using var server = await cluster.OpenAsync(null, cluster.ApplicationName, CancellationToken.None);
        await DatabaseSessions.AllowAsync(server, live, true, CancellationToken.None);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection server, DatabaseName name, CancellationToken cancellationToken) =>
        await DatabaseState.ReadAsync(server, name, cancellationToken) is not null;

    private PostgresFailedException Impossible(string reason) =>
        new($"Cannot put database {fresh} in the place of {live}: {reason}.", null, RetryClass.Permanent);
}
