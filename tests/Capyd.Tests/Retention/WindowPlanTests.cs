using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Retention;
using Capyd.Storage.BaseBackups;
using BaseBackupId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.BaseBackupKind>;

namespace Capyd.Tests.Retention;

/// <summary>Traps 72–74, and 11 for servers that are no more.</summary>
public sealed class WindowPlanTests
{
    private const string Server = "7412345678901234567";
    private static readonly DateTimeOffset WindowStart = new(2026, 11, 14, 0, 0, 0, TimeSpan.Zero);
    private static readonly WalSegmentSize Size = new(16 << 20);

    [Fact]
    public void The_newest_one_older_than_the_window_stays_and_what_is_older_goes()
    {
        var (older, anchor, young) = (Backup(-9), Backup(-1), Backup(2));
        var plan = Plan([young, older, anchor]);
        Assert.Equal([older.Id], plan.Removed.Select(row => row.Id));
        Assert.Equal([(older.StopAt!.Value, anchor.StopAt!.Value)], plan.Unreachable());
    }

    [Fact]
    public void Nothing_goes_while_all_are_within_the_window() => Assert.Empty(Plan([Backup(1), Backup(2)]).Removed);

    [Fact]
    public void One_found_damaged_anchors_nothing_and_is_kept_for_the_window()
    {
        var (anchor, damaged) = (Backup(-5), Backup(-1) with { VerificationState = "failed", VerificationError = "lost" });
        var young = Backup(1) with { VerificationState = "failed", VerificationError = "lost" };
        Assert.Equal([damaged.Id], Plan([anchor, damaged, young]).Removed.Select(row => row.Id));
    }

    [Fact]
    public void The_newest_proven_one_stays_with_all_WAL_since_however_old_it_is()
    {
        var (proven, anchor) = (Backup(-50) with { VerificationState = "verified" }, Backup(-1));
        var plan = Plan([proven, Backup(-20), anchor]);
        Assert.DoesNotContain(plan.Removed, row => row.Id == proven.Id);
        Assert.Null(plan.Kept.Single(path => path.Backup.Id == proven.Id).Until);
    }

    [Fact]
    public void A_pinned_moment_keeps_its_base_backup_and_the_WAL_up_to_it_and_no_more()
    {
        var (pinned, anchor) = (Backup(-50), Backup(-1));
        var until = new Lsn(Lsn.Parse(pinned.StartLsn!).Position + (64 << 20));
        var plan = Plan([pinned, Backup(-30), anchor], new PinnedMoment(WindowStart.AddDays(-49), until, "restore point"));
        Assert.DoesNotContain(plan.Removed, row => row.Id == pinned.Id);
        var path = plan.Kept.Single(kept => kept.Backup.Id == pinned.Id);
        Assert.True(path.Needs(Segment(pinned.StartLsn!)));
        Assert.True(path.Needs(Segment(until.ToString())));
        Assert.False(path.Needs(Segment(new Lsn(until.Position + (16 << 20)).ToString())));
        Assert.False(path.Needs(WalSegmentName.Containing(new TimelineId(1), new Lsn(path.Start.Position - (16 << 20)), Size)));
    }

    [Fact]
    public void A_pinned_moment_without_a_position_keeps_all_WAL_since()
    {
        var pinned = Backup(-50);
        var plan = Plan([pinned, Backup(-1)], new PinnedMoment(WindowStart.AddDays(-49), null, "restore point"));
        Assert.Null(plan.Kept.Single(kept => kept.Backup.Id == pinned.Id).Until);
    }

    [Fact]
    public void What_the_last_good_drill_proved_stays_with_the_base_backup_that_it_began_from()
    {
        var (proven, later, anchor) = (Backup(-50), Backup(-45), Backup(-1));
        var until = new Lsn(Lsn.Parse(later.StartLsn!).Position + (64 << 20));
        var pin = new PinnedMoment(WindowStart.AddDays(-40), until, "the last good drill") { From = proven.Id };
        var plan = Plan([proven, later, anchor], pin);
        Assert.Equal([later.Id], plan.Removed.Select(row => row.Id));
        var path = plan.Kept.Single(kept => kept.Backup.Id == proven.Id);
        Assert.Equal((until, "the last good drill"), (path.Until, Assert.Single(path.Pins)));
        Assert.True(path.Needs(Segment(later.StartLsn!)));
    }

    [Fact]
    public void One_that_the_window_keeps_too_keeps_all_WAL_and_tells_its_pin()
    {
        var young = Backup(2);
        var plan = Plan([Backup(-1), young], new PinnedMoment(WindowStart.AddDays(3), new Lsn(1), "the last good drill") { From = young.Id });
        var path = plan.Kept.Single(kept => kept.Backup.Id == young.Id);
        Assert.Equal((null, "the last good drill"), (path.Until, Assert.Single(path.Pins)));
        Assert.Empty(plan.Kept.Single(kept => kept.Backup.Id != young.Id).Pins);
    }

    [Fact]
    public void A_server_that_is_no_more_is_let_go_when_the_window_has_passed_it()
    {
        var former = Backup(-3) with { SystemIdentifier = "7000000000000000001" };
        Assert.Equal([former.Id], Plan([former, Backup(-1)]).Removed.Select(row => row.Id));
    }

    [Fact]
    public void The_last_one_of_all_stays_whatever_became_of_its_server()
    {
        var last = Backup(-300) with { SystemIdentifier = "7000000000000000001" };
        Assert.Empty(Plan([last]).Removed);
    }

    [Fact]
    public void Later_timelines_are_needed_and_earlier_ones_are_not()
    {
        var path = new KeptPath(Backup(0) with { Timeline = 2 }, null, null, []);
        var after = new Lsn(path.Start.Position + (64 << 20));
        Assert.True(path.Needs(WalSegmentName.Containing(new TimelineId(3), after, Size)));
        Assert.False(path.Needs(WalSegmentName.Containing(new TimelineId(1), after, Size)));
    }

    private static WindowPlan Plan(IReadOnlyList<BaseBackupRow> backups, params PinnedMoment[] pins) =>
        WindowPlan.Make(WindowStart, backups, new HashSet<string> { Server }, pins);

    private static WalSegmentName Segment(string lsn) => WalSegmentName.Containing(new TimelineId(1), Lsn.Parse(lsn), Size);

    /// <summary>A completed one of so many days after the beginning of the window.</summary>
    private static BaseBackupRow Backup(int day)
    {
        var at = WindowStart.AddDays(day);
        var start = new Lsn((ulong)(400 + day) << 24 >> 1);
        return new BaseBackupRow
        {
            Id = BaseBackupId.New(), Name = at.ToString("O", CultureInfo.InvariantCulture), SystemIdentifier = Server, State = "completed", Trigger = "schedule",
            Timeline = 1, StartLsn = start.ToString(), StopLsn = new Lsn(start.Position + 1000).ToString(), StopAt = at, ServerVersion = 150018,
            CreatedAt = at, CompletedAt = at, UpdatedAt = at,
        };
    }
}
