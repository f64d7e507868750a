using System.Collections.Concurrent;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Clones;

/// <summary>
/// Copies what one snapshot shows, while others write. Definitions, small tables and large objects go through pg_dump and
/// pg_restore; large tables go from session to session as they are, several at a time, and each is indexed when it is there.
/// </summary>
internal sealed class SnapshotCopy(PostgresCluster cluster, CloneRequest request, SnapshotTarget target)
{
    private const double LoadShare = 0.8;

    /// <summary>From here on the rest of the rows is restored side by side, too.</summary>
    private const long MuchBytes = 64L << 20;

    /// <summary>Sent by themselves; counted on both sides while they went.</summary>
    private readonly ConcurrentBag<InventoryRelation> _counted = [];

    private long _sent;

    /// <param name="provision">Makes the target database.</param>
    /// <returns>What the snapshot showed, and what the copy holds.</returns>
    public async Task<(Inventory Expected, Inventory Actual)> RunAsync(Func<DatabaseLocale, Task> provision, CancellationToken cancellationToken)
    {
        request.Progress?.Invoke("snapshot", 0.01);
        var (expected, rest) = await LoadAsync(provision, cancellationToken);
        request.Progress?.Invoke("indexes", LoadShare * 0.8);
        await target.LoadAsync(expected, rest, "post-data", request.Jobs, cancellationToken);
        await target.FinishAsync(expected, cancellationToken);
        request.Progress?.Invoke("compare", LoadShare);
        var sent = _counted.Select(static r => (r.Schema, r.Name)).ToHashSet();
        var actual = await target.ReadAsync(expected, sent, done => request.Progress?.Invoke("compare", LoadShare + ((1 - LoadShare) * done)), cancellationToken);
        return (WithCounted(expected), WithCounted(actual));
    }

    /// <returns>The whole inventory, and the contents that are still to be restored when the source is let go.</returns>
    private async Task<(Inventory Expected, string Remaining)> LoadAsync(Func<DatabaseLocale, Task> provision, CancellationToken cancellationToken)
    {
        await using var source = await SnapshotSource.OpenAsync(cluster, request, cancellationToken);
        using var all = new SideBySide(cancellationToken);
        var draft = await source.Inventory.DescribeAsync(cancellationToken);
        var outline = draft.Complete(request.Source.ToString(), draft.Sequences);
        var indexes = await source.IndexesAsync(cancellationToken);
        var rows = all.RunAsync(token => source.Inventory.ReadRowsAsync(null, LoadedRows.None, null, token, source.Sent));
        var dump = all.RunAsync(token => target.DumpAsync(source.Snapshot, source.Tables, token));
        var prepare = all.RunAsync(token => target.PrepareAsync(outline, () => provision(outline.Locale), token));
        var load = all.RunAsync(async token => await Task.WhenAll(dump, prepare) is [true, true] ? await FillAsync(source, outline, indexes, token) : "");
        await all.EndAsync(load, rows);
        var expected = draft with { Relations = (await rows)! };
        return (expected.Complete(request.Source.ToString(), await source.Inventory.SequencesAsync(cancellationToken)), (await load)!);
    }

    private async Task<string> FillAsync(
        SnapshotSource source, Inventory outline, ILookup<long, ArchiveEntry> indexes, CancellationToken cancellationToken)
    {
        request.Progress?.Invoke("definitions", 0.02);
        var contents = await target.ContentsAsync(outline, cancellationToken);
        await target.LoadAsync(outline, contents.Rest, "pre-data", 1, cancellationToken);
        var works = source.Tables.Select(table => Table(source, outline, table, contents.Take(indexes[table.Oid]))).ToList();
        works.Add(Others(source, outline, contents.Rest));
        request.Progress?.Invoke("copy", 0.05);
        await new Lanes(request.Jobs).RunAsync(works, cancellationToken);
        return contents.Rest;
    }

    private Inventory WithCounted(Inventory inventory) => inventory with { Relations = [.. inventory.Relations, .. _counted] };

    private LaneWork Table(SnapshotSource source, Inventory outline, CloneTable table, string indexes)
    {
        var total = Math.Max(1, source.Tables.Sum(static t => t.Bytes));
        return new LaneWork(table.Bytes, CopyAsync, indexes.Length == 0 ? [] : [Indexes(outline, table, indexes)]);

        async Task CopyAsync(int lane, CancellationToken token)
        {
            var (login, session) = await target.OpenAsync(outline, token);
            await using (login)
            await using (session)
            {
                var rows = await new TableStream(source.Lane(lane), session).CopyAsync(table, sent => Note(sent, total), token);
                _counted.Add(new InventoryRelation { Schema = table.Schema, Name = table.Name, Persistence = "", Rows = rows, Hash = null });
            }
        }
    }

    private LaneWork Indexes(Inventory outline, CloneTable table, string lines) =>
        new(table.Bytes, (_, token) => target.LoadAsync(outline, lines, "post-data", 1, token), []);

    private LaneWork Others(SnapshotSource source, Inventory outline, string contents) => new(
        source.BytesOfOthers, (_, token) => target.LoadAsync(outline, contents, "data", source.BytesOfOthers < MuchBytes ? 1 : request.Jobs, token), []);

    private void Note(int bytes, long total) =>
        request.Progress?.Invoke("copy", 0.05 + (0.75 * LoadShare * Math.Min(1, (double)Interlocked.Add(ref _sent, bytes) / total)));
}
