using Capyd.Postgres.Cluster;
using Npgsql;

namespace Capyd.Postgres.Dumps;

/// <summary>
/// One snapshot of one database, seen by two sessions: one for the catalogs, with a superuser's rights, and one for rows,
/// which meets code of the tenant and is used for nothing else.
/// </summary>
internal sealed class InventorySession : IAsyncDisposable
{
    private const int FirstWithRecordHash = 140000;

    public const string BeginStatement = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    /// <summary>Not every server knows these; where a database sets them they would end a long read.</summary>
    public const string NoTimeouts =
        "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN ('transaction_timeout', 'idle_session_timeout')";

    private readonly NpgsqlConnection _catalogSession;
    private readonly NpgsqlConnection _rowSession;
    private readonly CatalogReader _catalog;
    private readonly RowReader _rows;

    private InventorySession(NpgsqlConnection catalogSession, NpgsqlConnection rowSession)
    {
        _catalogSession = catalogSession;
        _rowSession = rowSession;
        _catalog = new CatalogReader(catalogSession);
        _rows = new RowReader(rowSession);
    }

    /// <summary>The exported snapshot's name.</summary>
    public string Snapshot { get; private set; } = "";

    private InventorySnapshot _seen = new("", default);

    public IReadOnlyList<RelationPlan> Relations { get; private set; } = [];

    public long TotalBytes => Relations.Sum(static r => r.Bytes);

    public static async Task<InventorySession> OpenAsync(
        PostgresCluster cluster, InventoryScope scope, CancellationToken cancellationToken)
    {
        var catalog = await cluster.OpenAsync(scope.Database, scope.ApplicationName, cancellationToken);
        try
        {
            var rows = await cluster.OpenAsync(scope.Database, scope.ApplicationName, cancellationToken);
            var session = new InventorySession(catalog, rows);
            try
            {
                await session.BeginAsync(scope, cancellationToken);
                return session;
            }
            catch
            {
                await rows.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await catalog.DisposeAsync();
            throw;
        }
    }

    /// <summary>The catalogs in this snapshot.</summary>
    public NpgsqlConnection CatalogSession => _catalogSession;

    /// <param name="like">An inventory to be comparable with, or null.</param>
    /// <param name="loaded">Tables that were read before, and count where they have not changed since.</param>
    public async Task<InventoryDraft> ReadAsync(
        Inventory? like, LoadedRows loaded, Action<double>? progress, CancellationToken cancellationToken, IReadOnlySet<(string Schema, string Name)>? without = null)
    {
        var draft = await DescribeAsync(cancellationToken);
        return draft with { Relations = await ReadRowsAsync(like, loaded, progress, cancellationToken, without) };
    }

    /// <summary>All but the rows; takes a moment, whatever the size.</summary>
    public async Task<InventoryDraft> DescribeAsync(CancellationToken cancellationToken)
    {
        var definitions = await _catalog.DefinitionsAsync(cancellationToken);
        return new InventoryDraft
        {
            Facts = await _catalog.DatabaseAsync(cancellationToken),
            Snapshot = _seen,
            Sequences = await _catalog.SequencesAsync(cancellationToken),
            Extensions = await _catalog.ExtensionsAsync(cancellationToken),
            Schemas = await _catalog.SchemasAsync(cancellationToken),
            Skipped = await _catalog.SkippedAsync(cancellationToken),
            LargeObjects = await _catalog.LargeObjectsAsync(cancellationToken),
            Definitions = definitions,
            Relations = [],
        };
    }

    /// <summary>The present values; to be called when a dump has ended.</summary>
    public Task<List<InventorySequence>> SequencesAsync(CancellationToken cancellationToken) => _catalog.SequencesAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _rowSession.DisposeAsync();
        await _catalogSession.DisposeAsync();
    }

    private async Task BeginAsync(InventoryScope scope, CancellationToken cancellationToken)
    {
        await _catalogSession.ExecuteAsync(NoTimeouts, cancellationToken);
        await _catalogSession.ExecuteAsync("SET lock_timeout = '60s'", cancellationToken);
        await _catalogSession.ExecuteAsync(BeginStatement, cancellationToken);
        (Snapshot, _seen) = (await _catalogSession.ListAsync(
            "SELECT pg_catalog.pg_export_snapshot(), pg_catalog.pg_current_snapshot()::pg_catalog.text, pg_catalog.clock_timestamp()",
            static row => (row.GetString(0), new InventorySnapshot(row.GetString(1), row.GetFieldValue<DateTime>(2))),
            cancellationToken)).Single();
        await LockAsync(cancellationToken);
        Relations = await _catalog.RelationsAsync(HasRecordHash(_catalogSession), sizes: true, cancellationToken);
        await JoinAsync(scope.ParallelWorkers, cancellationToken);
    }

    internal static bool HasRecordHash(NpgsqlConnection session) => session.PostgreSqlVersion.Major * 10000 >= FirstWithRecordHash;

    private async Task LockAsync(CancellationToken cancellationToken)
    {
        if (await _catalogSession.ScalarAsync<string>(SqlText.Of("lockable_tables"), cancellationToken) is not { } tables)
        {
            return;
        }

        try
        {
            await _catalogSession.ExecuteAsync($"LOCK TABLE {tables} IN ACCESS SHARE MODE", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new PostgresFailedException($"A table was dropped or renamed just now: {e.MessageText}. Try again.", e.SqlState, RetryClass.Transient, e);
        }
    }

    private async Task JoinAsync(int workers, CancellationToken cancellationToken)
    {
        await _rowSession.ExecuteAsync(NoTimeouts, cancellationToken);
        await _rowSession.ExecuteAsync(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SET max_parallel_workers_per_gather = {workers}"), cancellationToken);
        await _rows.PrepareAsync(Relations, cancellationToken);
        await _rowSession.ExecuteAsync(BeginStatement, cancellationToken);
        await _rowSession.ExecuteAsync($"SET TRANSACTION SNAPSHOT {SqlIdentifier.Literal(Snapshot)}", cancellationToken);
    }

    /// <param name="without">Tables that are left out.</param>
    public async Task<List<InventoryRelation>> ReadRowsAsync(
        Inventory? like, LoadedRows loaded, Action<double>? progress, CancellationToken cancellationToken, IReadOnlySet<(string Schema, string Name)>? without = null)
    {
        var copied = like?.CopiedTables();
        var written = loaded.Count > 0 ? await _catalog.WrittenRowsAsync(cancellationToken) : [];
        var read = new List<InventoryRelation>(Relations.Count);
        var (done, total) = (0L, Math.Max(1, TotalBytes));
        foreach (var relation in Relations.Where(r => without?.Contains((r.Schema, r.Name)) != true))
        {
            read.Add(loaded.Find(relation, written)
                ?? await _rows.ReadAsync(relation, copied?.Contains((relation.Schema, relation.Name)) == true, cancellationToken));
            done += relation.Bytes;
            progress?.Invoke((double)done / total);
        }

        return read;
    }
}
