using Capyd.Errors;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal.Commits;
using Capyd.Recovery;
using static Capyd.Tests.Recovery.KeptWalInMemory;

namespace Capyd.Tests.Recovery;

public sealed class RecoveryPlannerTests
{
    private readonly KeptWalInMemory _wal = new();

    /// <summary>A backup from 12:00, commits each minute, four whole segments and one that grows.</summary>
    private void Simple()
    {
        _wal.Base(2.1, 2.3, 0);
        _wal.Keep(1, 4);
        _wal.Spool(4);
        for (var minute = 1; minute <= 6; minute++)
        {
            _wal.Commit(2.4 + minute, minute);
        }

        _wal.KnownUntil = At(7);
    }

    [Fact]
    public async Task A_moment_between_two_commits_is_the_first_of_them()
    {
        Simple();
        var plan = await PlanAsync(3.5);
        Assert.Equal((RecoveryPlan.After, Lsn(5.4).ToString(), 1u), (plan.Kind, plan.Target, plan.TimelineNumber));
        Assert.Equal((At(3.5), At(3), At(3.5), false), (plan.Requested, plan.Effective, plan.RestoreTime, plan.Clamped));
        Assert.Equal(Lsn(5.4), plan.Required);
    }

    [Fact]
    public async Task The_moment_of_a_commit_contains_it()
    {
        Simple();
        Assert.Equal(Lsn(5.4).ToString(), (await PlanAsync(3)).Target);
    }

    [Fact]
    public async Task A_moment_of_the_segment_that_still_grows_is_reached()
    {
        Simple();
        Assert.Equal(Lsn(8.4).ToString(), (await PlanAsync(6.5)).Target);
    }

    [Fact]
    public async Task A_moment_after_the_last_commit_is_clamped_only_when_later_commits_may_be_unknown()
    {
        // Trap 42: it must not fail because nothing later was committed.
        Simple();
        Assert.False((await PlanAsync(6.9)).Clamped);
        var clamped = await PlanAsync(60);
        Assert.Equal((true, At(60), At(6), Lsn(8.4).ToString()), (clamped.Clamped, clamped.Requested, clamped.RestoreTime, clamped.Target));
    }

    [Fact]
    public async Task Before_the_first_commit_after_a_backup_recovery_stops_before_that_commit()
    {
        Simple();
        var plan = await PlanAsync(0.5);
        Assert.Equal((RecoveryPlan.Before, Lsn(3.4).ToString(), At(0)), (plan.Kind, plan.Target, plan.Effective));
    }

    [Fact]
    public async Task A_moment_before_the_first_backup_ended_is_refused_with_the_earliest_one()
    {
        // Trap 24.
        Simple();
        var error = await RefusedAsync(-1);
        Assert.Equal(400, error.Code.Status);
        Assert.Contains("2026-11-21T11:59:00Z", error.Message);
        Assert.Contains("2026-11-21T12:00:00Z", error.Message);
    }

    [Fact]
    public async Task The_newest_backup_that_ended_before_the_moment_is_chosen()
    {
        Simple();
        _wal.Base(5.5, 5.6, 3.2);
        Assert.Equal(_wal.BaseId(0).ToString(), (await PlanAsync(3.1)).BaseBackup);
        Assert.Equal(_wal.BaseId(1).ToString(), (await PlanAsync(4.1)).BaseBackup);
        Assert.Equal(RecoveryPlan.Before, (await PlanAsync(3.3)).Kind);
    }

    [Fact]
    public async Task A_moment_in_a_gap_is_refused_with_both_neighbours_and_the_reason()
    {
        // Trap 16.
        _wal.Base(2.1, 2.3, 0);
        _wal.Keep(1, 3);
        _wal.Commit(3, 1);
        _wal.Commit(5, 2);
        _wal.Gap(6, "the slot was dropped");
        _wal.Keep(5, 7);
        _wal.Base(10.5, 10.6, 10);
        _wal.Commit(11, 11);
        _wal.Spool(7);
        _wal.KnownUntil = At(12);
        var error = await RefusedAsync(5);
        Assert.Contains("the slot was dropped", error.Message);
        Assert.Contains("2026-11-21T12:02:00Z", error.Message);
        Assert.Contains("2026-11-21T12:10:00Z", error.Message);
        Assert.Equal(Lsn(3).ToString(), (await PlanAsync(1.5)).Target);
        Assert.Equal(Lsn(11).ToString(), (await PlanAsync(11.5)).Target);
    }

    [Fact]
    public async Task A_gap_that_has_only_begun_is_no_end_of_what_was_committed()
    {
        _wal.Base(2.1, 2.3, 0);
        _wal.Keep(1, 3);
        _wal.Commit(5, 2);
        _wal.Gap(6, "the slot was dropped");
        _wal.Spool(9);
        _wal.KnownUntil = At(12);
        Assert.Contains("the slot was dropped", (await RefusedAsync(5)).Message);
    }

    [Fact]
    public async Task Moments_on_both_sides_of_a_promotion_are_reached_on_the_timeline_that_was_written_then()
    {
        Simple();
        _wal.Promote(2, 1, 7);
        _wal.Timeline = new TimelineId(2);
        _wal.Keep(3, 5, 2);
        _wal.Commit(7.2, 20, 2);
        _wal.Commit(9.2, 21, 2);
        _wal.KnownUntil = At(22);
        var before = await PlanAsync(2.5);
        Assert.Equal((Lsn(4.4).ToString(), 2u), (before.Target, before.TimelineNumber));
        var left = await PlanAsync(6.5);
        Assert.Equal((Lsn(8.4).ToString(), 1u, false), (left.Target, left.TimelineNumber, left.Clamped));
        var after = await PlanAsync(21.5);
        Assert.Equal((Lsn(9.2).ToString(), 2u), (after.Target, after.TimelineNumber));
        Assert.Equal(2u, (await PlanAsync(20)).TimelineNumber);
    }

    [Fact]
    public async Task A_named_point_is_reached_by_its_name()
    {
        Simple();
        _wal.Marks.Add(new RestorePointMark("capyd_rp", Lsn(4.6), At(2.2)));
        var plan = await new RecoveryPlanner(_wal).PlanAsync(new RecoveryWish.Point("capyd_rp", Lsn(4.7), At(2.2)), default);
        Assert.Equal((RecoveryPlan.Named, "capyd_rp"), (plan.Kind, plan.Target));
        var gone = new RecoveryWish.Point("capyd_old", Lsn(1), At(-5));
        Assert.Equal(400, (await Assert.ThrowsAsync<CapydException>(() => new RecoveryPlanner(_wal).PlanAsync(gone, default))).Code.Status);
    }

    [Fact]
    public async Task Latest_is_the_last_commit_that_was_received()
    {
        Simple();
        var plan = await new RecoveryPlanner(_wal).PlanAsync(new RecoveryWish.Latest(), default);
        Assert.Equal((Lsn(8.4).ToString(), At(6), false), (plan.Target, plan.RestoreTime, plan.Clamped));
    }

    [Fact]
    public async Task Without_a_base_backup_nothing_can_be_planned_yet()
    {
        var error = await RefusedAsync(1);
        Assert.Equal(409, error.Code.Status);
        Assert.Contains("no base backup", error.Message);
    }

    [Fact]
    public async Task The_window_tells_its_ends_and_the_gap_between()
    {
        _wal.Base(2.1, 2.3, 0);
        _wal.Keep(1, 3);
        _wal.Commit(5, 2);
        _wal.Gap(6, "the slot was dropped");
        _wal.Keep(5, 7);
        _wal.Base(10.5, 10.6, 10);
        _wal.Commit(11, 11);
        var window = await new RecoveryWindows(_wal).ReadAsync(default);
        Assert.Equal((At(0), At(11), 2), (window.Earliest, window.Latest, window.BaseBackups));
        var gap = Assert.Single(window.Gaps);
        Assert.Equal((At(2), At(10), "the slot was dropped"), (gap.From, gap.To, gap.Reason));
        Assert.True(window.Contains(At(1)));
        Assert.False(window.Contains(At(5)));
    }

    [Fact]
    public async Task The_window_ends_where_planning_does_also_in_an_unfinished_segment_before_a_gap()
    {
        _wal.Base(2.1, 2.3, 0);
        _wal.Base(2.4, 2.5, 0.5);
        _wal.Keep(1, 3);
        _wal.Spool(3);
        _wal.Commit(5, 2);
        _wal.Commit(6.5, 4);
        _wal.Commit(6.6, 5);
        _wal.Gap(7, "the slot was dropped");
        _wal.Keep(5, 7);
        _wal.Base(10.5, 10.6, 10);
        _wal.Commit(11, 11);
        var window = await new RecoveryWindows(_wal).ReadAsync(default);
        var gap = Assert.Single(window.Gaps);
        Assert.Equal((At(5), At(10), Lsn(6.6)), (gap.From, gap.To, gap.FromLsn));
        Assert.True(window.Contains(At(4.5)));
        Assert.Equal(Lsn(6.5).ToString(), (await PlanAsync(4.5)).Target);
        Assert.False(window.Contains(At(5.1)));
        Assert.Contains("the slot was dropped", (await RefusedAsync(5.1)).Message);
    }

    [Fact]
    public async Task The_window_ends_in_the_unfinished_segment_while_the_server_is_not_streamed_from()
    {
        Simple();
        _wal.IsStreamed = false;
        Assert.Equal(At(6), (await new RecoveryWindows(_wal).ReadAsync(default)).Latest);
    }

    private Task<RecoveryPlan> PlanAsync(double minute) => new RecoveryPlanner(_wal).PlanAsync(new RecoveryWish.Moment(At(minute)), default);

    private Task<CapydException> RefusedAsync(double minute) => Assert.ThrowsAsync<CapydException>(() => PlanAsync(minute));
}
