using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Recovery;

/// <summary>
/// Which timeline a moment is on. A server that was promoted or set back leaves a timeline; what was committed on it until the first
/// commit of the next one was the truth then.
/// </summary>
internal sealed class RecoveryBranches(IKeptWal wal)
{
    /// <summary>Newest first.</summary>
    /// <exception cref="CapydException">409: nothing was received yet, or a history is missing.</exception>
    public async Task<IReadOnlyList<TimelineHistory>> AllAsync(WalLineage lineage, CancellationToken cancellation)
    {
        var known = wal.Ranges(lineage).Timelines.Concat(wal.Timeline is { } newest ? [newest] : []).Distinct().OrderDescending();
        var histories = new List<TimelineHistory>();
        foreach (var timeline in known)
        {
            try
            {
                histories.Add(await wal.HistoryAsync(lineage, timeline, cancellation));
            }
            catch (InvalidDataException e)
            {
                throw new CapydException(ErrorCode.WrongState, e.Message);
            }
        }

        return histories.Count > 0 ? histories : throw RecoveryRefusal.NothingFollowed("none has been received yet");
    }

    /// <summary>The timelines that can hold the state of a moment: the one that was written then, and those that had already left it, as
    /// they repeat what was before.</summary>
    /// <param name="all">Newest first.</param>
    public async Task<IReadOnlyList<TimelineHistory>> OfAsync(
        WalLineage lineage, IReadOnlyList<TimelineHistory> all, DateTimeOffset at, CancellationToken cancellation)
    {
        var written = all[^1];
        foreach (var history in all.Take(all.Count - 1))
        {
            if (await BeganAsync(lineage, history, cancellation) <= at)
            {
                written = history;
                break;
            }
        }

        return [.. all.Where(history => history.Timeline > written.Timeline && history.Switches is [.., var left] && left.Parent == written.Timeline), written];
    }

    /// <summary>When the first commit of its own was made; null when there was none.</summary>
    private async Task<DateTimeOffset?> BeganAsync(WalLineage lineage, TimelineHistory history, CancellationToken cancellation)
    {
        var left = history.Switches is [.., var last] ? last.At : new Lsn(0);
        var ranges = wal.Ranges(lineage).Of(history.Timeline);
        var end = ranges is [.., var newest] ? newest.To : left;
        if (end > left && wal.Commits(lineage, history, left, end).FirstOrDefault(segment => segment.Last?.Lsn >= left) is { } first)
        {
            return first.First?.Lsn >= left ? first.First?.At : (await wal.FirstCommitAsync(lineage, first.Segment, left, cancellation))?.At;
        }

        var growing = WalSegmentName.Containing(history.Timeline, end > left ? end : left, lineage.SegmentSize);
        return (await wal.FirstCommitAsync(lineage, growing, left, cancellation))?.At;
    }
}
