using Capyd.Audit;
using Capyd.BaseBackups;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Organizations;

namespace Capyd.Retention;

/// <summary>
/// Lets go of base backups and WAL that the recovery window does not need. Row first, then objects, then row again, so that a death
/// at any point is made good by the next run (trap 75).
/// </summary>
internal sealed partial class WindowRetention(
    RetentionFacts facts, RetentionParts parts, TimeProvider clock, ILogger<WindowRetention> logger) : IDueWork
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private const int SegmentsAtOnce = 500;

    private BaseBackupId? _newest;
    private long? _ranAt;

    public string Name => "the recovery window";

    public async Task TickAsync(CancellationToken stopping)
    {
        if (!IsDue() || parts.Guard.Leap() is not null || parts.Metadata.Read(IsInUse))
        {
            return;
        }

        await MarkAsync(stopping);
        await RemoveMarkedAsync(stopping);
        await RemoveFailedAsync(stopping);
        await RemoveWalAsync(stopping);
        _newest = Newest();
        _ranAt = clock.GetTimestamp();
    }

    /// <summary>Once an hour, and when a base backup was added.</summary>
    private bool IsDue() => _ranAt is not { } at || clock.GetElapsedTime(at) >= Interval || Newest() != _newest;

    private BaseBackupId? Newest() => parts.Metadata.Read(BaseBackupStore.List).FirstOrDefault(row => row.State == "completed")?.Id;

    /// <summary>A recovery under way reads the WAL for as long as it replays.</summary>
    private static bool IsInUse(MetadataSession session) => JobStore.HasActive(session, "instance.pitr_restore", "instance.drill", "preview.reset");

    /// <summary>Decides and marks in one transaction: a restore point made at the same time is either seen, or comes too late.</summary>
    private Task MarkAsync(CancellationToken stopping) => parts.Metadata.WriteAsync(tx =>
    {
        foreach (var row in facts.Plan(tx, clock.GetUtcNow()).Removed)
        {
            BaseBackupStore.SetState(tx, row.Id, ["completed"], "deleting", clock.GetUtcNow());
        }
    }, stopping);

    private async Task RemoveMarkedAsync(CancellationToken stopping)
    {
        foreach (var row in parts.Metadata.Read(BaseBackupStore.List).Where(row => row.State == "deleting"))
        {
            FaultPoint.Reach("base_retention.after_mark");
            await (await parts.Repository.OpenAsync(stopping)).DeleteBackupAsync(row.Name, stopping);
            FaultPoint.Reach("base_retention.after_manifest");
            await parts.Metadata.WriteAsync(tx =>
            {
                BaseBackupStore.SetState(tx, row.Id, ["deleting"], "deleted", clock.GetUtcNow());
                GarbageDue.Set(tx);
                AuditTrail.AppendSystem(tx, OrganizationStore.First(tx)!.Id, "base_backup.expired", null, clock.GetUtcNow(), new AuditDetail(Name: row.Name));
            }, stopping);
            LogExpired(row.Name);
        }
    }

    /// <summary>The files of one that failed while it waited for its WAL are of no use; its row stays for as long as the window.</summary>
    private async Task RemoveFailedAsync(CancellationToken stopping)
    {
        foreach (var row in parts.Metadata.Read(BaseBackupStore.List).Where(row => row.State == "failed"))
        {
            await (await parts.Repository.OpenAsync(stopping)).DeleteBackupAsync(row.Name, stopping);
            if (row.UpdatedAt < facts.WindowStart(clock.GetUtcNow()))
            {
                await parts.Metadata.WriteAsync(tx => { BaseBackupStore.SetState(tx, row.Id, ["failed"], "deleted", clock.GetUtcNow()); }, stopping);
            }
        }
    }

    private async Task RemoveWalAsync(CancellationToken stopping)
    {
        var unneeded = parts.Metadata.Read(session => RetentionFacts.UnneededWal(session, facts.Plan(session, clock.GetUtcNow())));
        foreach (var (lineage, segments) in unneeded)
        {
            foreach (var batch in segments.Chunk(SegmentsAtOnce))
            {
                await parts.Wal.RemoveAsync(lineage, batch, stopping);
            }

            LogSegments(segments.Count, lineage.System.ToString());
        }
    }

    [LoggerMessage(9110, LogLevel.Information, "base backup {Name} is not needed for the recovery window any more and was removed")]
    private partial void LogExpired(string name);

    [LoggerMessage(9111, LogLevel.Information, "{Segments} segments of WAL of server {System} are not needed any more and were removed")]
    private partial void LogSegments(int segments, string system);
}
