using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Clones;

/// <summary>
/// The database that is copied, in one snapshot: the sessions of an inventory, and one for each lane. The lanes lock their
/// tables before anything else: later a waiting ALTER TABLE would stand between them and their own lock.
/// </summary>
internal sealed class SnapshotSource : IAsyncDisposable
{
    /// <summary>Smaller ones go with pg_dump; a stream of their own would cost more than it saves.</summary>
    private const long LeastBytes = 2L << 20;

    private const int MostTables = 64;

    private readonly List<RawSession> _lanes = [];
    private readonly InventorySession _inventory;

    private SnapshotSource(InventorySession inventory) => _inventory = inventory;

    public string Snapshot => _inventory.Snapshot;

    public InventorySession Inventory => _inventory;

    /// <summary>Those that are sent by themselves, largest first.</summary>
    public IReadOnlyList<CloneTable> Tables { get; private set; } = [];

    /// <summary>Their rows are counted when they are sent, and not read a second time.</summary>
    public IReadOnlySet<(string Schema, string Name)> Sent => Tables.Select(static t => (t.Schema, t.Name)).ToHashSet();

    public long BytesOfOthers => Math.Max(0, _inventory.TotalBytes - Tables.Sum(static t => t.Bytes));

    public static async Task<SnapshotSource> OpenAsync(PostgresCluster cluster, CloneRequest request, CancellationToken cancellationToken)
    {
        var scope = new InventoryScope(request.Source, request.ApplicationName, ParallelWorkers: 0);
        var source = new SnapshotSource(await InventorySession.OpenAsync(cluster, scope, cancellationToken));
        try
        {
            source.Tables = await source.ReadTablesAsync(cancellationToken);
            for (var lane = 0; lane < request.Jobs; lane++)
            {
                await source.JoinAsync(await RawSession.OpenAsync(cluster.Endpoint, request.Source, request.ApplicationName, cancellationToken), cancellationToken);
            }

            return source;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public RawSession Lane(int number) => _lanes[number];

    /// <returns>For each table the entries of an archive that may follow its rows at once.</returns>
    public async Task<ILookup<long, ArchiveEntry>> IndexesAsync(CancellationToken cancellationToken) =>
        (await _inventory.CatalogSession.ListAsync(
            SqlText.Of("clone_indexes"),
            static row => (Table: row.GetInt64(0), Entry: new ArchiveEntry(row.GetInt64(1), row.GetInt64(2))),
            cancellationToken,
            (object)Tables.Select(static t => t.Oid).ToArray())).ToLookup(static x => x.Table, static x => x.Entry);

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            await lane.DisposeAsync();
        }

        _lanes.Clear();
        await _inventory.DisposeAsync();
    }

    private Task<List<CloneTable>> ReadTablesAsync(CancellationToken cancellationToken) => _inventory.CatalogSession.ListAsync(
        SqlText.Of("clone_tables"),
        static row => new CloneTable(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)),
        cancellationToken,
        LeastBytes,
        MostTables);

    private async Task JoinAsync(RawSession lane, CancellationToken cancellationToken)
    {
        _lanes.Add(lane);
        await lane.ExecuteAsync(InventorySession.NoTimeouts, cancellationToken);
        await lane.ExecuteAsync(InventorySession.BeginStatement, cancellationToken);
        await lane.ExecuteAsync($"SET TRANSACTION SNAPSHOT {SqlIdentifier.Literal(Snapshot)}", cancellationToken);
        if (Tables.Count == 0)
        {
            return;
        }

        try
        {
            var all = string.Join(", ", Tables.Select(static t => $"ONLY {t.Reference}"));
            await lane.ExecuteAsync($"LOCK TABLE {all} IN ACCESS SHARE MODE NOWAIT", cancellationToken);
        }
        catch (PostgresFailedException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new PostgresFailedException(
                string.Create(CultureInfo.InvariantCulture, $"A table is being changed just now: {e.Message}. Try again."), e.SqlState, RetryClass.Transient, e);
        }
    }
}
