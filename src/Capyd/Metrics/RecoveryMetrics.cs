using Capyd.Storage.BaseBackups;
using Capyd.Storage.Drills;
using Capyd.Storage.Wal;

namespace Capyd.Metrics;

/// <summary>What a recovery could start from, and how the last rehearsal went.</summary>
internal sealed class RecoveryMetrics(MetadataDatabase metadata) : IMetricSource
{
    public Task DescribeAsync(MetricsPage page, CancellationToken cancellation)
    {
        metadata.Read(session =>
        {
            DescribeWal(page, session);
            DescribeBaseBackups(page, BaseBackupStore.List(session));
            DescribeDrills(page, session);
            return true;
        });
        return Task.CompletedTask;
    }

    private static void DescribeWal(MetricsPage page, MetadataSession session)
    {
        var (segments, bytes) = WalSegmentStore.Totals(session);
        page.Gauge("capyd_wal_segments", "WAL segments in the repository.").Add(segments);
        page.Gauge("capyd_wal_stored_bytes", "What they take there.").Add(bytes);
        page.Gauge("capyd_wal_gaps_open", "Gaps in the kept WAL after which no base backup was taken yet.").Add(WalGapStore.ListOpen(session).Count);
        var newest = WalArchiveStore.List(session) is [var archive, ..] ? WalSegmentStore.Newest(session, archive.SystemIdentifier, archive.Timeline) : null;
        page.Gauge("capyd_wal_last_segment_age_seconds", "Since the newest whole segment was archived; an idle server fills none.").Add(page.Age(newest?.ArchivedAt));
    }

    private static void DescribeBaseBackups(MetricsPage page, IReadOnlyList<BaseBackupRow> rows)
    {
        var count = page.Gauge("capyd_base_backups", "Base backups by state.");
        foreach (var group in rows.GroupBy(row => row.State).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            count.Add(group.Count(), ("state", group.Key));
        }

        var good = rows.Where(row => row is { State: "completed", VerificationState: not "failed" }).ToList();
        var last = good.MaxBy(row => row.CompletedAt);
        page.Gauge("capyd_base_backup_last_age_seconds", "Since the newest good base backup ended.").Add(page.Age(last?.StopAt));
        page.Gauge("capyd_base_backup_last_bytes", "The newest good base backup: what it holds, and what it added to the repository.")
            .Add(last?.LogicalBytes, ("kind", "logical")).Add(last?.AddedBytes, ("kind", "added"));
        page.Gauge("capyd_base_backup_last_verified_age_seconds", "Since a base backup was last read back whole.").Add(page.Age(good.Max(row => row.VerifiedAt)));
        page.Gauge("capyd_base_backup_logical_bytes", "What all good base backups hold together.").Add(good.Sum(row => row.LogicalBytes));
    }

    private static void DescribeDrills(MetricsPage page, MetadataSession session)
    {
        var count = DrillStore.CountByState(session);
        var drills = page.Gauge("capyd_drills", "Drills by state.");
        foreach (var state in (string[])["running", "succeeded", "failed"])
        {
            drills.Add(count.GetValueOrDefault(state), ("state", state));
        }

        var last = DrillStore.LastSucceeded(session, null);
        page.Gauge("capyd_drill_last_success_age_seconds", "Since a drill last succeeded.").Add(page.Age(last?.CompletedAt));
        page.Gauge("capyd_drill_rto_seconds", "How long the last good drill took until the database was usable.").Add(last?.Rto?.TotalSeconds);
        page.Gauge("capyd_drill_recovery_seconds", "How long it took until the recovered server took logins.").Add(last?.Recovery?.TotalSeconds);
        page.Gauge("capyd_drill_projects_failing", "Projects whose newest drill failed.").Add(DrillStore.FailuresInARow(session).Values.Count(failures => failures > 0));
    }
}
