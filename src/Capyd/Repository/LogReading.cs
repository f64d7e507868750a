using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Repository;

/// <summary>Finds moments in kept WAL by reading it; needs no index.</summary>
internal sealed class LogReading(KeptLog log)
{
    /// <summary>The last commit of a stretch, searched from its end; null when there is none.</summary>
    /// <exception cref="WalRejectedException">A segment that had to be read is damaged.</exception>
    public async Task<TransactionEnd?> LastCommitAsync(IReadOnlyList<KeptSegment> stretch, CancellationToken cancellation)
    {
        for (var at = stretch.Count - 1; at >= 0; at--)
        {
            // The one before is read for the record that the two may share.
            var scanner = new WalScanner(log.Lineage);
            var commits = at > 0 && !stretch[at - 1].IsPartial ? await ScanAsync(scanner, stretch[at - 1], cancellation) : null;
            commits = await ScanAsync(scanner, stretch[at], cancellation);
            if (commits.Last is { } last)
            {
                return last;
            }
        }

        return null;
    }

    /// <summary>The first point of that name.</summary>
    /// <inheritdoc cref="LastCommitAsync"/>
    public async Task<RestorePointMark?> FindPointAsync(IEnumerable<KeptSegment> stretch, string name, CancellationToken cancellation)
    {
        var scanner = new WalScanner(log.Lineage);
        foreach (var segment in stretch)
        {
            if ((await ScanAsync(scanner, segment, cancellation)).RestorePoints.FirstOrDefault(point => point.Name == name) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Proves a segment and says what ended in it.</summary>
    /// <exception cref="WalRejectedException">It is damaged, or gone.</exception>
    public async Task<SegmentCommits> ScanAsync(WalScanner scanner, KeptSegment segment, CancellationToken cancellation)
    {
        try
        {
            await using var content = await log.OpenAsync(segment.File, cancellation)
                ?? throw new WalRejectedException(segment.File.Text, "it is not there any more.");
            var scan = segment.IsPartial
                ? await scanner.ReadPartialAsync(segment.Name, content, cancellation)
                : await scanner.ReadAsync(segment.Name, content, cancellation);
            return scan.Commits;
        }
        catch (InvalidDataException e)
        {
            throw new WalRejectedException(segment.File.Text, e.Message);
        }
    }
}
