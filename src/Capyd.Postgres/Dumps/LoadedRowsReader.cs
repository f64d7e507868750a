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

            await using var catalog = await cluster.OpenAsync(request.Database, request.ApplicationName, cancellationToken);
            await using var session = await cluster.OpenAsync(request.Database, request.ApplicationName, cancellationToken);
            await session.ExecuteAsync(InventorySession.NoTimeouts, cancellationToken);
            await session.ExecuteAsync("SET lock_timeout = 0", cancellationToken);
            var plans = await new CatalogReader(catalog).RelationsAsync(InventorySession.HasRecordHash(catalog), sizes: false, cancellationToken);
            await ReadAllAsync(session, plans, cancellationToken);
            return _read;
        });

    private async Task ReadAllAsync(NpgsqlConnection session, List<RelationPlan> plans, CancellationToken cancellationToken)
    {
        var rows = new RowReader(session);
        await rows.PrepareAsync(plans, cancellationToken);
        var copied = request.Inventory.CopiedTables();
        var byName = plans.ToDictionary(static plan => (plan.Schema, plan.Name));
        await foreach (var entry in _loaded.Reader.ReadAllAsync(cancellationToken))
        {
            if (byName.TryGetValue((entry.Schema, entry.Name), out var plan))
            {
                await session.ExecuteAsync("BEGIN READ ONLY", cancellationToken);
                _read.Add(await rows.ReadAsync(plan, copied.Contains((plan.Schema, plan.Name)), cancellationToken));
                await session.ExecuteAsync("COMMIT", cancellationToken);
            }
        }
    }
}
