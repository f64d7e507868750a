using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Wal;

/// <summary>
/// Hands what the receiver completed to the archive, proven and in order. A file leaves the spool only after the archive
/// took it; the newest whole segment stays, because the receiver finds by it where to go on. After a crash a file may be
/// handed over twice. One call at a time.
/// </summary>
/// <param name="store">Returns when the content is durable under its name; the same name with the same content is no error,
/// with other content it is. What it throws ends the pass, and nothing is removed.</param>
public sealed class SegmentArchiver(string spoolDirectory, WalLineage lineage, Func<WalFileName, Stream, CancellationToken, Task> store)
{
    private readonly WalScanner _scanner = new(lineage);

    /// <summary>In the archive and still in the spool.</summary>
    private readonly HashSet<WalFileName> _stored = [];

    /// <summary>Where refused files are kept for whoever wants to look.</summary>
    public string RejectedDirectory { get; } = Path.Combine(spoolDirectory, "rejected");

    /// <summary>Archives the histories and whole segments that are there, oldest first.</summary>
    /// <param name="most">How many files at once: whoever also reads the growing segment wants to do so now and then.</param>
    public async Task<ArchivePass> ArchiveAsync(int most, CancellationToken cancellationToken)
    {
        var files = Files();
        var pass = await TakeAsync(files.Where(name => IsComplete(name, files)), most, cancellationToken);
        RemoveStored(Newest());
        return pass;
    }

    /// <summary>After the receiver was stopped for good: archives everything, unfinished segments under their own name too,
    /// and leaves an empty spool.</summary>
    public async Task<ArchivePass> EmptyAsync(CancellationToken cancellationToken)
    {
        var pass = await TakeAsync(Files(), int.MaxValue, cancellationToken);
        RemoveStored(except: null);
        return pass;
    }

    /// <summary>The segment that is being written. What is told of it is on the disk.</summary>
    /// <returns>Null when there is none, or nothing in it yet.</returns>
    /// <exception cref="WalRejectedException">It is of another cluster or place.</exception>
    public async Task<WalTail?> TailAsync(CancellationToken cancellationToken)
    {
        if (Files().LastOrDefault(static name => name.Kind == WalFileKind.Partial) is not { Segment: { } segment } name || Open(name) is not { } content)
        {
            return null;
        }

        var tail = await ReadTailAsync(segment, content, cancellationToken);
        if (tail.Length > 0)
        {
            return tail;
        }

        await tail.DisposeAsync();
        return null;
    }

    private async Task<WalTail> ReadTailAsync(WalSegmentName segment, FileStream content, CancellationToken cancellationToken)
    {
        try
        {
            var scan = await _scanner.ReadPartialAsync(segment, content, cancellationToken);
            content.Position = 0;

            // The receiver brings only whole segments to the disk by itself.
            RandomAccess.FlushToDisk(content.SafeFileHandle);
            return new WalTail(segment, content, scan.ContentEnd, scan.Commits);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    private async Task<ArchivePass> TakeAsync(IEnumerable<WalFileName> names, int most, CancellationToken cancellationToken)
    {
        var waiting = names.Where(name => !_stored.Contains(name)).ToList();
        var archived = new List<ArchivedWal>();
        var rejected = new List<WalRejectedException>();
        foreach (var name in waiting.Take(most))
        {
            try
            {
                if (await StoreAsync(name, cancellationToken) is { } taken)
                {
                    archived.Add(taken);
                    _stored.Add(name);
                }
            }
            catch (WalRejectedException e)
            {
                Directory.CreateDirectory(RejectedDirectory);
                File.Move(PathOf(name), Path.Combine(RejectedDirectory, name.Text), overwrite: true);
                rejected.Add(e);
            }
        }

        return new ArchivePass(archived, rejected, Math.Max(0, waiting.Count - most));
    }

    private async Task<ArchivedWal?> StoreAsync(WalFileName name, CancellationToken cancellationToken)
    {
        await using var content = Open(name);
        if (content is null)
        {
            return null;
        }

        var scan = await ProveAsync(name, content, cancellationToken);
        content.Position = 0;
        await store(name, content, cancellationToken);
        return new ArchivedWal(name, scan?.Commits, content.Length, scan?.ContentEnd);
    }

    private async Task<WalScan?> ProveAsync(WalFileName name, FileStream content, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case { Kind: WalFileKind.Segment, Segment: { } segment }:
                return await _scanner.ReadAsync(segment, content, cancellationToken);
            case { Kind: WalFileKind.Partial, Segment: { } segment }:
                return await _scanner.ReadPartialAsync(segment, content, cancellationToken);
            default:
                await HistoryCheck.ReadAsync(name, content, cancellationToken);
                return null;
        }
    }

    /// <summary>Oldest first; a timeline's history before its segments.</summary>
    private List<WalFileName> Files() =>
        Directory.Exists(spoolDirectory)
            ? [.. Directory.EnumerateFiles(spoolDirectory)
                .Select(path => WalFileName.TryParse(Path.GetFileName(path), lineage.SegmentSize))
                .OfType<WalFileName>()
                .OrderBy(static name => name.Timeline)
                .ThenBy(static name => name.Segment?.Number ?? 0)
                .ThenBy(static name => name.Kind)]
            : [];

    /// <summary>An unfinished segment of a timeline that was left is as complete as it will ever be.</summary>
    private static bool IsComplete(WalFileName name, IReadOnlyList<WalFileName> all) =>
        name.Kind != WalFileKind.Partial || all.Any(other => other.Timeline > name.Timeline && other.Segment is not null);

    private WalFileName? Newest() => _stored.Where(static name => name.Kind == WalFileKind.Segment)
        .MaxBy(static name => (name.Timeline, name.Segment?.Number));

    private void RemoveStored(WalFileName? except)
    {
        foreach (var name in _stored.Where(name => name != except).ToList())
        {
            File.Delete(PathOf(name));
            _stored.Remove(name);
        }
    }

    /// <returns>Null when the receiver has just renamed the file, as it does when a segment is complete.</returns>
    private FileStream? Open(WalFileName name)
    {
        try
        {
            return new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(WalFileName name) => Path.Combine(spoolDirectory, name.Text);
}
