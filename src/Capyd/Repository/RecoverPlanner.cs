using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Repository;

/// <summary>Finds base backup and target for a wish, or says what can be had instead. Nothing is guessed: a hole is never passed.</summary>
internal sealed class RecoverPlanner(KeptLog log, IReadOnlyList<KeptBackup> backups)
{
    private readonly LogReading _reading = new(log);

    /// <exception cref="CapydException">400: that moment cannot be reached; 404: there is nothing to begin with.</exception>
    public Task<RecoverPlan> PlanAsync(RecoverWish wish, CancellationToken cancellation)
    {
        var history = log.History(wish.Timeline ?? Newest());
        var usable = backups
            .Where(backup => history.Descends(backup.Timeline, backup.Stop) && (wish.BaseBackup is null || backup.Name == wish.BaseBackup || backup.Facts.Id == wish.BaseBackup))
            .OrderBy(backup => backup.Stop).ToList();
        if (usable.Count == 0)
        {
            throw new CapydException(ErrorCode.NotFound, wish.BaseBackup is { } name
                ? $"there is no base backup {name} on the way to timeline {history.Timeline}" : $"there is no base backup on the way to timeline {history.Timeline}", "capyd recover --list shows what is there");
        }

        return wish switch
        {
            RecoverWish.Time { At: var at } => AtTimeAsync(history, usable, at, cancellation),
            RecoverWish.Point { Name: var point } => AtPointAsync(history, usable, point, cancellation),
            _ => LatestAsync(history, usable[^1], null, cancellation),
        };
    }

    private TimelineId Newest() => log.Timelines.Concat(backups.Select(backup => backup.Timeline)).Max();

    private async Task<RecoverPlan> LatestAsync(TimelineHistory history, KeptBackup backup, string? note, CancellationToken cancellation)
    {
        var (stretch, last) = await EndAsync(history, backup, cancellation);
        if (stretch.IsHole)
        {
            throw Refuse(
                $"the newest moment cannot be reached: {stretch.Missing} is missing, and later WAL is there",
                $"what was committed up to {Text(last?.At ?? backup.Facts.StopAt)} can be recovered: --time {Text(last?.At ?? backup.Facts.StopAt)}");
        }

        // A commit before the end of the backup is in it anyway, and is not what replay has to get to.
        var required = last is { } commit && commit.Lsn > backup.Stop ? commit.Lsn : (Lsn?)null;
        return new RecoverPlan(backup, history.Timeline, new RecoveryTarget.Latest(), required, last?.At ?? backup.Facts.StopAt, stretch.Missing.Start) { Note = note };
    }

    private async Task<RecoverPlan> AtTimeAsync(TimelineHistory history, List<KeptBackup> usable, DateTimeOffset at, CancellationToken cancellation)
    {
        var backup = usable.LastOrDefault(candidate => candidate.Facts.StopAt <= at)
            ?? throw Refuse($"{Text(at)} is before the earliest moment that can be recovered, {Text(usable[0].Facts.StopAt)}", $"that is the end of base backup {usable[0].Name}");
        var (stretch, last) = await EndAsync(history, backup, cancellation);
        if (last is { } commit && at < commit.At)
        {
            return new RecoverPlan(backup, history.Timeline, new RecoveryTarget.Time(at), null, at, stretch.Missing.Start);
        }

        var reached = last?.At ?? backup.Facts.StopAt;
        if (!stretch.IsHole)
        {
            var note = at > reached ? $"nothing is kept that was committed after {Text(reached)}; that is what comes back, and not {Text(at)}" : null;
            return await LatestAsync(history, backup, note, cancellation);
        }

        if (last is { } exact && exact.At == at)
        {
            return new RecoverPlan(backup, history.Timeline, new RecoveryTarget.Position(exact.Lsn), null, at, stretch.Missing.Start);
        }

        var next = usable.FirstOrDefault(candidate => candidate.Facts.StopAt > at);
        throw Refuse(
            $"{Text(at)} cannot be reached: {stretch.Missing} is missing, and later WAL is there",
            $"nearest before: {Text(reached)}{(next is null ? "; nothing after it can be reached" : $"; nearest after: {Text(next.Facts.StopAt)}, the end of base backup {next.Name}")}");
    }

    private async Task<RecoverPlan> AtPointAsync(TimelineHistory history, List<KeptBackup> usable, string name, CancellationToken cancellation)
    {
        for (var at = usable.Count - 1; at >= 0; at--)
        {
            var stretch = log.Stretch(history, usable[at].Start);
            var until = at + 1 < usable.Count ? usable[at + 1].Stop : stretch.Missing.End;
            var here = stretch.Segments.TakeWhile(segment => segment.Name.Start < until);
            if (await ReadAsync(usable[at], () => _reading.FindPointAsync(here, name, cancellation)) is { } point && point.Lsn >= usable[at].Stop)
            {
                return new RecoverPlan(usable[at], history.Timeline, new RecoveryTarget.Name(name), null, point.At, point.Lsn);
            }
        }

        throw new CapydException(ErrorCode.NotFound, $"there is no restore point '{name}' in the WAL that can be reached", "names are compared to the letter; --time takes any moment");
    }

    /// <summary>How far it goes from a base backup on, and the last commit there.</summary>
    private async Task<(WalStretch Stretch, TransactionEnd? Last)> EndAsync(TimelineHistory history, KeptBackup backup, CancellationToken cancellation)
    {
        var stretch = log.Stretch(history, backup.Start);
        if (stretch.Missing.Start < backup.Stop && stretch.Segments is not [.., { IsPartial: true }])
        {
            throw Refuse(
                $"base backup {backup.Name} cannot be used: {stretch.Missing}, which belongs to it, is missing",
                "begin with an older one: --base-backup NAME; capyd recover --list shows them");
        }

        return (stretch, await ReadAsync(backup, () => _reading.LastCommitAsync(stretch.Segments, cancellation)));
    }

    private static async Task<T> ReadAsync<T>(KeptBackup backup, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (WalRejectedException e)
        {
            throw Refuse($"the WAL after base backup {backup.Name} is damaged: {e.Message}", "capyd repository check --read-data says which moments can still be reached; name one of them with --time");
        }
    }

    private static CapydException Refuse(string message, string hint) => new(ErrorCode.InvalidRequest, message, hint);

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
