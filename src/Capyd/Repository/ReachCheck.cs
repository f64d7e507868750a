using Capyd.Postgres.Cluster;

namespace Capyd.Repository;

/// <summary>Works out which moments of one server can be recovered, and which of those that should be cannot.</summary>
internal sealed class ReachCheck(WalCheck wal, IReadOnlyList<KeptBackup> backups, Dictionary<string, string> unusable)
{
    private string Server => wal.Log.Lineage.System.ToString();

    /// <summary>A base backup whose own WAL is not whole is added to those that cannot be used.</summary>
    public async Task<(List<CheckSpan> Reachable, List<CheckSpan> Unreachable)> RunAsync(CancellationToken cancellation)
    {
        var reached = new List<CheckSpan>();
        foreach (var backup in backups.Where(backup => !unusable.ContainsKey(backup.Name)))
        {
            foreach (var timeline in wal.Log.Timelines.Append(backup.Timeline).Distinct().Where(one => wal.Log.History(one).Descends(backup.Timeline, backup.Stop)))
            {
                await FollowAsync(backup, timeline, reached, cancellation);
            }
        }

        var merged = Merge(reached);
        return (merged, backups.Count == 0 ? [] : await BetweenAsync(merged, cancellation));
    }

    private async Task FollowAsync(KeptBackup backup, TimelineId timeline, List<CheckSpan> reached, CancellationToken cancellation)
    {
        var (end, last, broken) = await wal.FollowAsync(wal.Log.History(timeline), backup.Start, cancellation);
        if (end < backup.Stop)
        {
            unusable.TryAdd(backup.Name, $"its own WAL is not whole: {broken ?? $"it ends at {end}, and the backup at {backup.Stop}"}");
        }
        else
        {
            reached.Add(new CheckSpan(Server, backup.Facts.StopAt, last > backup.Facts.StopAt ? last.Value : backup.Facts.StopAt, broken));
        }
    }

    /// <summary>Spans that overlap become one, which ends for the reason of the one that goes farthest.</summary>
    private static List<CheckSpan> Merge(List<CheckSpan> spans)
    {
        var merged = new List<CheckSpan>();
        foreach (var span in spans.OrderBy(span => span.From).ThenBy(span => span.To))
        {
            if (merged.Count > 0 && span.From <= merged[^1].To)
            {
                merged[^1] = span.To > merged[^1].To ? merged[^1] with { To = span.To, Reason = span.Reason } : merged[^1];
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged;
    }

    private async Task<List<CheckSpan>> BetweenAsync(List<CheckSpan> reached, CancellationToken cancellation)
    {
        var from = backups.Min(backup => backup.Facts.StopAt);
        var to = await wal.NewestAsync(cancellation) ?? backups.Max(backup => backup.Facts.StopAt);
        var missing = new List<CheckSpan>();
        string? reason = null;
        foreach (var span in reached)
        {
            if (span.From > from)
            {
                missing.Add(new CheckSpan(Server, from, span.From, reason ?? Because(from, span.From)));
            }

            (from, reason) = (span.To, span.Reason);
        }

        if (to > from)
        {
            missing.Add(new CheckSpan(Server, from, to, reason ?? Because(from, to)));
        }

        return missing;
    }

    private string Because(DateTimeOffset from, DateTimeOffset to) =>
        backups.FirstOrDefault(backup => backup.Facts.StopAt >= from && backup.Facts.StopAt < to && unusable.ContainsKey(backup.Name)) is { } lost
            ? $"base backup {lost.Name} cannot be used: {unusable[lost.Name]}" : "no base backup before it can be used";
}
