using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;
using Capyd.Storage.Wal;

namespace Capyd.Wal;

/// <summary>At start: what was stored and not written down, as after a death between the two, is read and written down.</summary>
internal sealed partial class WalReconciliation(WalRepository repository, WalArchive archive, MetadataDatabase metadata, ILogger<WalReconciliation> logger)
{
    /// <returns>The number of files.</returns>
    public async Task<int> RunAsync(WalLineage lineage, CancellationToken cancellation)
    {
        var known = metadata.Read(session => WalSegmentStore.ListNames(session, lineage.System.ToString())).ToHashSet();
        var all = await repository.ListAsync(lineage, cancellation);
        var missing = all.Where(file => file.Kind is WalFileKind.Segment or WalFileKind.Partial && !known.Contains(file.Text)).Order(ByPlace).ToList();
        foreach (var file in missing)
        {
            await TryNoteAsync(lineage, file, cancellation);
        }

        if (missing.Count > 0)
        {
            LogFound(missing.Count);
        }

        return missing.Count;
    }

    private static readonly Comparer<WalFileName> ByPlace = Comparer<WalFileName>.Create(static (left, right) =>
        (left.Timeline, left.Segment!.Value.Number, left.Kind).CompareTo((right.Timeline, right.Segment!.Value.Number, right.Kind)));

    /// <summary>Reads a segment in the repository and writes it down.</summary>
    /// <exception cref="WalRejectedException">It is damaged.</exception>
    public async Task NoteAsync(WalLineage lineage, WalFileName file, CancellationToken cancellation)
    {
        var scan = await ScanAsync(lineage, file, cancellation);
        await archive.NoteAsync(lineage, new ArchivedWal(file, scan.Commits, 0, scan.ContentEnd), cancellation);
    }

    private async Task TryNoteAsync(WalLineage lineage, WalFileName file, CancellationToken cancellation)
    {
        try
        {
            await NoteAsync(lineage, file, cancellation);
        }
        catch (Exception e) when (e is WalRejectedException or InvalidDataException)
        {
            LogDamaged(file.Text, e.Message);
        }
    }

    /// <summary>The segment before is read first, for a record that the two share.</summary>
    private async Task<WalScan> ScanAsync(WalLineage lineage, WalFileName file, CancellationToken cancellation)
    {
        var scanner = new WalScanner(lineage);
        var segment = file.Segment!.Value;
        if (segment.Number > 0 && await repository.OpenAsync(lineage.System, WalFileName.Of(segment.Previous), cancellation) is { } earlier)
        {
            await using (earlier)
            {
                await scanner.ReadAsync(segment.Previous, earlier, cancellation);
            }
        }

        await using var content = await repository.OpenAsync(lineage.System, file, cancellation) ?? throw new InvalidDataException($"{file} was removed just now.");
        return file.Kind == WalFileKind.Partial
            ? await scanner.ReadPartialAsync(segment, content, cancellation)
            : await scanner.ReadAsync(segment, content, cancellation);
    }

    [LoggerMessage(9040, LogLevel.Information, "after an earlier boot: {Files} files of WAL in the repository were not written down, and are now")]
    private partial void LogFound(int files);

    [LoggerMessage(9041, LogLevel.Error, "{File} in the repository is damaged: {Problem}")]
    private partial void LogDamaged(string file, string problem);
}
