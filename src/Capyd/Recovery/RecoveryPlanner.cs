using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Recovery;

/// <summary>Says how a moment is reached, or why it is not and which moments beside it are. No work is begun for one that is not.</summary>
internal sealed class RecoveryPlanner(IKeptWal wal)
{
    private readonly RecoveryPaths _paths = new(wal);
    private readonly RecoveryBranches _branches = new(wal);

    /// <exception cref="CapydException">400 when the moment cannot be reached, 409 when none can yet.</exception>
    public async Task<RecoveryPlan> PlanAsync(RecoveryWish wish, CancellationToken cancellation)
    {
        var at = wish switch
        {
            RecoveryWish.Moment moment => moment.At,
            RecoveryWish.Point point => point.At,
            RecoveryWish.Commit commit => commit.At,
            _ => DateTimeOffset.MaxValue,
        };
        var known = await wal.CatchUpAsync(at, cancellation);
        var lineage = wal.Lineage ?? throw RecoveryRefusal.NothingFollowed(wal.Problem);
        var bases = wal.Bases(lineage).OrderByDescending(row => row.StopAt).ToList();
        if (bases.Count == 0)
        {
            throw RecoveryRefusal.NoBaseBackup();
        }

        try
        {
            var search = new RecoverySearch(lineage, bases, await _branches.AllAsync(lineage, cancellation), known);
            return await PlanAsync(search, wish, at, cancellation);
        }
        catch (Exception e) when (e is WalRejectedException or InvalidDataException)
        {
            throw RecoveryRefusal.Damaged(e.Message);
        }
    }

    private async Task<RecoveryPlan> PlanAsync(RecoverySearch search, RecoveryWish wish, DateTimeOffset at, CancellationToken cancellation) => wish switch
    {
        RecoveryWish.Point named => await OfPointAsync(search, named, cancellation),
        RecoveryWish.Commit commit => await OfCommitAsync(search, commit, cancellation),
        RecoveryWish.Latest => Whole(await OfMomentAsync(search, at, cancellation)),
        _ => await OfMomentAsync(search, at, cancellation),
    };

    private static RecoveryPlan Whole(RecoveryPlan latest) => latest with { Requested = latest.Effective, Clamped = false };

    private async Task<RecoveryPlan> OfMomentAsync(RecoverySearch search, DateTimeOffset at, CancellationToken cancellation)
    {
        RecoveryPlan? best = null;
        CapydException? refusal = null;
        foreach (var history in await _branches.OfAsync(search.Lineage, search.Histories, at, cancellation))
        {
            try
            {
                var plan = await AlongAsync(search, history, at, cancellation);
                best = best is null || plan.End > best.End ? plan : best;
            }
            catch (CapydException e)
            {
                refusal = e;
            }
        }

        return best ?? throw refusal!;
    }

    private async Task<RecoveryPlan> AlongAsync(RecoverySearch search, TimelineHistory history, DateTimeOffset at, CancellationToken cancellation)
    {
        foreach (var from in search.Bases.Where(from => from.StopAt <= at && history.Descends(from.Timeline, from.Stop)))
        {
            var path = await _paths.FollowAsync(search.Lineage, from, history, cancellation);
            var around = await wal.AroundAsync(search.Lineage, path.Segments, at, path.Growing, cancellation);
            var isNewest = history.Timeline == search.Histories[0].Timeline;
            var covered = around.CanStop || (path.IsWhole && (!isNewest || at <= search.KnownUntil));
            if (!covered && !path.IsWhole)
            {
                throw RecoveryRefusal.InGap(at, path, search, wal.Gaps(search.Lineage));
            }

            if (Plan(path, around, at, clamped: !covered) is { } plan)
            {
                return plan;
            }
        }

        throw RecoveryRefusal.BeforeWindow(at, search);
    }

    /// <returns>Null when the base backup ended after what would have to be recovered.</returns>
    private static RecoveryPlan? Plan(RecoveryPath path, CommitNeighbours around, DateTimeOffset at, bool clamped)
    {
        var from = path.Base;
        RecoveryPlan Of(string kind, Lsn target, DateTimeOffset effective) => new(
            from.Id.ToString(), from.Manifest, path.History.Timeline.Value, from.Start.ToString(), kind, target.ToString(), target.ToString(), at, effective, clamped);
        return (around.AtOrBefore, around.After) switch
        {
            ({ } last, _) when last.Lsn >= from.Stop => Of(RecoveryPlan.After, last.Lsn, last.At),
            (_, { } next) when next.Lsn >= from.Stop => Of(RecoveryPlan.Before, next.Lsn, from.StopAt),
            (_, null) when path.End > from.Stop => Of(RecoveryPlan.Before, from.Stop, from.StopAt),
            _ => null,
        };
    }

    private async Task<RecoveryPlan> OfCommitAsync(RecoverySearch search, RecoveryWish.Commit commit, CancellationToken cancellation)
    {
        foreach (var history in await _branches.OfAsync(search.Lineage, search.Histories, commit.At, cancellation))
        {
            foreach (var from in search.Bases.Where(from => from.Stop <= commit.Position && history.Descends(from.Timeline, from.Stop)))
            {
                if ((await _paths.FollowAsync(search.Lineage, from, history, cancellation)).End > commit.Position)
                {
                    var at = commit.Position.ToString();
                    return new RecoveryPlan(
                        from.Id.ToString(), from.Manifest, history.Timeline.Value, from.Start.ToString(), RecoveryPlan.After, at, at, commit.At, commit.At, Clamped: false);
                }
            }
        }

        throw RecoveryRefusal.PositionNotKept(commit.Position, commit.At, search);
    }

    private async Task<RecoveryPlan> OfPointAsync(RecoverySearch search, RecoveryWish.Point point, CancellationToken cancellation)
    {
        foreach (var history in search.Histories)
        {
            foreach (var from in search.Bases.Where(from => from.Stop <= point.Position && history.Descends(from.Timeline, from.Stop)))
            {
                var path = await _paths.FollowAsync(search.Lineage, from, history, cancellation);
                var mark = path.Segments.SelectMany(segment => segment.RestorePoints).FirstOrDefault(mark => mark.Name == point.Name);
                if (mark is not null)
                {
                    return new RecoveryPlan(
                        from.Id.ToString(), from.Manifest, history.Timeline.Value, from.Start.ToString(), RecoveryPlan.Named, point.Name, point.Position.ToString(),
                        point.At, mark.At, Clamped: false);
                }
            }
        }

        throw RecoveryRefusal.PositionNotKept(point.Position, point.At, search);
    }
}
