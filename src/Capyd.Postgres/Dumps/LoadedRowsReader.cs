using System.Threading.Channels;
using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// Counts and hashes each table as soon as its rows are loaded, while others still load and indexes are built: two processors are then
/// busy to the end, and the rows are still in memory. Each table is read in a short transaction of its own, so that what alters the
/// table next waits for no more than that.
/// </summary>
internal sealed class LoadedRowsReader(PostgresCluster cluster, RestoreRequest request)
{
    /// <summary>A cycle of locks with pg_restore must end here and not there, so this is far below deadlock_timeout.</summary>
    private const string GiveWay = "SET lock_timeout = '50ms'";

    private readonly Channel<TocEntry> _loaded = Channel.CreateUnbounded<TocEntry>();
    private readonly LoadedRows _read = new();

    public void Loaded(TocEntry table) => _loaded.Writer.TryWrite(table);

    public void NoMore() => _loaded.Writer.TryComplete();

    /// <summary>Returns when <see cref="NoMore"/> was called and all tables are read.</summary>
    public Task<LoadedRows> RunAsync(CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync($"read the rows loaded into database {request.Database}", async () =>
        {
            if (!await _loaded.Reader.WaitToReadAsync(cancellationToken))
            {
                return _read;
            }

            await using var session = await cluster.OpenAsync(request.Database, request.ApplicationName, cancellationToken);
            await session.ExecuteAsync(InventorySession.NoTimeouts, cancellationToken);
            var plans = await new CatalogReader(session).RelationsAsync(InventorySession.HasRecordHash(session), sizes: false, cancellationToken);
            await session.ExecuteAsync(GiveWay, cancellationToken);
            await ReadAllAsync(session, plans, cancellationToken);
            return _read;
        });

    private async Task ReadAllAsync(NpgsqlConnection session, List<RelationPlan> plans, CancellationToken cancellationToken)
    {
        var rows = new RowReader(session);
        await rows.PrepareAsync(plans, cancellationToken);
        var copied = request.Inventory.CopiedTables();
        var byName = plans.ToDictionary(static plan => (plan.Schema, plan.Name));
        var waiting = new Queue<RelationPlan>();
        while (await FillAsync(waiting, byName, cancellationToken))
        {
            var plan = waiting.Dequeue();
            if (await TryReadAsync(session, rows, plan, copied.Contains((plan.Schema, plan.Name)), cancellationToken) is { } table)
            {
                _read.Add(table);
            }
            else
            {
                waiting.Enqueue(plan);
            }
        }
    }

    /// <returns>Whether there is a table to read; false once pg_restore has ended and all were read.</returns>
    private async Task<bool> FillAsync(
        Queue<RelationPlan> waiting, Dictionary<(string Schema, string Name), RelationPlan> plans, CancellationToken cancellationToken)
    {
        while (_loaded.Reader.TryRead(out var entry) || (waiting.Count == 0 && await _loaded.Reader.WaitToReadAsync(cancellationToken)))
        {
            if (entry is not null && plans.TryGetValue((entry.Schema, entry.Name), out var plan))
            {
                waiting.Enqueue(plan);
            }
        }

        return waiting.Count > 0;
    }

    /// <returns>Null when something that alters the table is in the way: later then.</returns>
    private static async Task<InventoryRelation?> TryReadAsync(
        NpgsqlConnection session, RowReader rows, RelationPlan plan, bool byCopy, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("BEGIN READ ONLY", cancellationToken);
        try
        {
            var table = await rows.ReadAsync(plan, byCopy, cancellationToken);
            await session.ExecuteAsync("COMMIT", cancellationToken);
            return table;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            await session.ExecuteAsync("ROLLBACK", cancellationToken);
            return null;
        }
    }
}
