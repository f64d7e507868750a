using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Drills;
using Capyd.Storage.RestorePoints;
using Capyd.Storage.Wal;

namespace Capyd.Retention;

/// <summary>Reads from the metadata what there is to decide on.</summary>
internal sealed class RetentionFacts(CapydOptions options)
{
    /// <summary>The record at a drill's position begins there, and may go on in the next segment.</summary>
    private const ulong RecordBytes = 1 << 20;

    /// <summary>Every moment from here on is to be recoverable.</summary>
    public DateTimeOffset WindowStart(DateTimeOffset now) => now.AddDays(-options.Pitr.WindowDays);

    public WindowPlan Plan(MetadataSession session, DateTimeOffset now)
    {
        var windowStart = WindowStart(now);
        var live = WalArchiveStore.List(session).Where(row => row.UpdatedAt > windowStart).Select(row => row.SystemIdentifier).ToHashSet();
        var pins = RestorePointStore.ListInstants(session)
            .Select(row => new PinnedMoment(row.PitrTime ?? row.CreatedAt, Lsn.TryParse(row.WalLsn, out var lsn) ? lsn : null, $"restore point {row.Id}"));
        return WindowPlan.Make(windowStart, BaseBackupStore.List(session), live, [.. pins, .. Proven(session)]);
    }

    /// <summary>The last path of which somebody has seen that it leads somewhere.</summary>
    private static IEnumerable<PinnedMoment> Proven(MetadataSession session) =>
        DrillStore.LastSucceeded(session, null) is { BaseBackupId: { } from, RestoreTime: { } at } drill
            ? [new PinnedMoment(at, Lsn.TryParse(drill.TargetLsn, out var lsn) ? new Lsn(lsn.Position + RecordBytes) : null, $"the last good drill, {drill.Id}") { From = from }]
            : [];

    /// <summary>The kept WAL of each server that no path of the plan needs.</summary>
    public static IReadOnlyList<(WalLineage Lineage, IReadOnlyList<WalSegmentRow> Segments)> UnneededWal(MetadataSession session, WindowPlan plan) =>
    [
        .. WalArchiveStore.List(session)
            .Select(row => new WalLineage(SystemIdentifier.Parse(row.SystemIdentifier), row.Major, new WalSegmentSize(row.SegmentBytes)))
            .Select(lineage => (lineage, Unneeded(session, lineage, plan)))
            .Where(found => found.Item2.Count > 0),
    ];

    private static IReadOnlyList<WalSegmentRow> Unneeded(MetadataSession session, WalLineage lineage, WindowPlan plan)
    {
        var system = lineage.System.ToString();
        var paths = plan.Kept.Where(path => path.Backup.SystemIdentifier == system).ToList();

        // Without a base backup that goes on, one may be under way that needs what is there.
        return paths.Exists(path => path.Until is null)
            ? [.. WalSegmentStore.Timelines(session, system).SelectMany(timeline => Unneeded(session, lineage, paths, new TimelineId((uint)timeline)))]
            : [];
    }

    private static IEnumerable<WalSegmentRow> Unneeded(MetadataSession session, WalLineage lineage, List<KeptPath> paths, TimelineId timeline)
    {
        var goingOn = paths.Where(path => path.Until is null && path.Backup.Timeline <= timeline.Value).ToList();
        if (goingOn.Exists(path => path.Backup.Timeline < timeline.Value))
        {
            return [];
        }

        // "G" is behind every name: of a timeline that was left before the oldest base backup nothing is needed.
        var before = goingOn.Count == 0 ? "G" : WalSegmentName.Containing(timeline, goingOn.Min(path => path.Start), lineage.SegmentSize).ToString();
        return WalSegmentStore.ListBefore(session, lineage.System.ToString(), (int)timeline.Value, before)
            .Where(row => !paths.Exists(path => path.Needs(WalSegmentName.Parse(row.Name, lineage.SegmentSize))));
    }
}
