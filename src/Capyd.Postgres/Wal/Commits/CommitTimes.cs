namespace Capyd.Postgres.Wal.Commits;

/// <summary>Finds the commits around a moment. Only one segment is read; the index answers for all others.</summary>
public static class CommitTimes
{
    /// <param name="path">The index of the segments that recovery will read, in their order, without a hole.</param>
    /// <param name="open">Opens a segment of the archive.</param>
    /// <param name="growing">Of the path, the last, which is not whole yet; null when all are whole.</param>
    /// <exception cref="WalRejectedException">The segment where recovery would stop is damaged.</exception>
    public static async Task<CommitNeighbours> AroundAsync(
        IReadOnlyList<SegmentCommits> path,
        DateTimeOffset target,
        WalLineage lineage,
        Func<WalSegmentName, CancellationToken, Task<Stream>> open,
        CancellationToken cancellationToken,
        WalSegmentName? growing = null)
    {
        var stop = path.TakeWhile(s => !(s.LatestEnd > target)).Count();
        var before = path.Take(stop).LastOrDefault(static s => s.Count > 0)?.Last;
        if (stop == path.Count)
        {
            return new CommitNeighbours(before, null, CanStop: false);
        }

        var split = new Split(target, before);
        var scanner = new WalScanner(lineage) { Visit = split.Visit };
        foreach (var name in WithPredecessor(path, stop))
        {
            await using var content = await open(name, cancellationToken);
            split.Counting = name == path[stop].Segment;
            await (name == growing ? scanner.ReadPartialAsync(name, content, cancellationToken) : scanner.ReadAsync(name, content, cancellationToken));
        }

        var after = split.After ?? path.Skip(stop + 1).FirstOrDefault(static s => s.Count > 0)?.First;
        return new CommitNeighbours(split.Before, after, CanStop: true);
    }

    /// <summary>The segment before is read for the record that the two may share.</summary>
    private static IEnumerable<WalSegmentName> WithPredecessor(IReadOnlyList<SegmentCommits> path, int stop) =>
        path.Skip(Math.Max(0, stop - 1)).Take(stop == 0 ? 1 : 2).Select(static s => s.Segment);

    /// <summary>Stops where PostgreSQL would: at the first end that is later than the target.</summary>
    private sealed class Split(DateTimeOffset target, TransactionEnd? before)
    {
        private bool _stopped;

        public bool Counting { get; set; }

        public TransactionEnd? Before { get; private set; } = before;

        public TransactionEnd? After { get; private set; }

        public void Visit(TransactionEnd end)
        {
            if (!Counting)
            {
                return;
            }

            _stopped |= end.At > target;
            if (!end.Committed)
            {
                return;
            }

            if (!_stopped)
            {
                Before = end;
            }
            else
            {
                After ??= end;
            }
        }
    }
}
