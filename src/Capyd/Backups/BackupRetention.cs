using Capyd.Archives;
using Capyd.Audit;
using Capyd.Storage.Backups;
using Capyd.Storage.RestorePoints;

namespace Capyd.Backups;

/// <summary>
/// Removes backups past their time, never a project's newest proven one, nor one that a restore point labels. Row first, then files, then row again: a crash at any
/// point is made good by the next run (trap 75).
/// </summary>
internal sealed partial class BackupRetention(MetadataDatabase metadata, ArchiveStore archives, TimeProvider clock, ILogger<BackupRetention> logger) : IDueWork
{
    public string Name => "backup retention";

    public async Task TickAsync(CancellationToken stopping)
    {
        var due = metadata.Read(session => BackupStore.ListDueForExpiry(session, clock.GetUtcNow()));
        foreach (var backup in due.Concat(metadata.Read(session => BackupStore.ListByState(session, "deleting"))))
        {
            await ExpireAsync(backup, stopping);
        }
    }

    private async Task ExpireAsync(BackupRow backup, CancellationToken stopping)
    {
        if (!await metadata.WriteAsync(tx => Mark(tx, backup), stopping))
        {
            return;
        }

        FaultPoint.Reach("retention.after_mark");
        await archives.DeleteAsync(backup.BackupKey, stopping);
        FaultPoint.Reach("retention.after_delete");
        await metadata.WriteAsync(tx =>
        {
            BackupStore.SetState(tx, backup.Id, ["deleting"], "expired", clock.GetUtcNow());
            AuditTrail.AppendSystem(tx, backup.OrganizationId, "backup.expired", backup.ProjectId, clock.GetUtcNow(), new AuditDetail(BackupKey: backup.BackupKey));
        }, stopping);
        LogExpired(backup.BackupKey);
    }

    /// <summary>A label may have been put on it since it was listed.</summary>
    private bool Mark(MetadataTransaction tx, BackupRow backup) =>
        backup.State == "deleting"
        || (!RestorePointStore.IsPinned(tx, backup.Id) && BackupStore.SetState(tx, backup.Id, ["completed", "failed"], "deleting", clock.GetUtcNow()));

    [LoggerMessage(5100, LogLevel.Information, "{BackupKey} is past its time and was removed")]
    private partial void LogExpired(string backupKey);
}
