using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Wal;

/// <summary>
/// PostgreSQL compares a recovery time with commits only: after the last one no moment can be asked for. An empty
/// transaction after others makes every moment before it reachable; an idle server gets none.
/// </summary>
public sealed class WalHeartbeat(PostgresCluster cluster)
{
    /// <summary>Changes whenever a transaction that has an id ends, and only then: "oldest:next:running,running".</summary>
    private const string Snapshot = "SELECT pg_catalog.pg_current_snapshot()::text";

    private string? _settled;

    /// <summary>Writes the transaction when any other with changes has ended since the last one.</summary>
    /// <returns>Whether one was written.</returns>
    /// <exception cref="PostgresFailedException">The server does not answer, or is a standby.</exception>
    public Task<bool> BeatAsync(CancellationToken cancellationToken) =>
        cluster.UseAsync(
            null,
            "write a heartbeat transaction",
            async connection =>
            {
                if (await connection.ScalarAsync<string>(Snapshot, cancellationToken) == _settled)
                {
                    return false;
                }

                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var ours = await connection.ScalarAsync<long>("SELECT pg_catalog.pg_current_xact_id()::text::bigint", cancellationToken);
                var during = await connection.ScalarAsync<string>(Snapshot, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                var after = await connection.ScalarAsync<string>(Snapshot, cancellationToken);
                _settled = NothingElseEnded(during!, ours, after!) ? after : null;
                return true;
            },
            cancellationToken);

    /// <summary>What ended in the moment around our own commit may have no heartbeat after it; then there is another one.</summary>
    internal static bool NothingElseEnded(string during, long ours, string after)
    {
        var (next, running) = Parse(during);
        var (nextAfter, runningAfter) = Parse(after);
        for (var begun = next; begun < ours && running.Count < 1000; begun++)
        {
            running.Add(begun);
        }

        running.Remove(ours);
        return nextAfter == ours + 1 && running.SetEquals(runningAfter);
    }

    private static (long Next, HashSet<long> Running) Parse(string snapshot)
    {
        var parts = snapshot.Split(':');
        var running = parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static id => long.Parse(id, CultureInfo.InvariantCulture));
        return (long.Parse(parts[1], CultureInfo.InvariantCulture), [.. running]);
    }
}
