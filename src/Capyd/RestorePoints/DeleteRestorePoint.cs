using Capyd.Audit;
using Capyd.Auth;
using Capyd.Projects;
using Capyd.Storage.RestorePoints;

namespace Capyd.RestorePoints;

/// <summary>Takes a label away; what it labelled stays until its own time (contract D.6).</summary>
internal sealed class DeleteRestorePoint(MetadataDatabase metadata, TimeProvider clock)
{
    public Task RunAsync(Principal principal, string projectId, string restorePointId, CancellationToken cancellation) => metadata.WriteAsync(tx =>
    {
        var project = ProjectAccess.Find(tx, principal, projectId);
        if (!RestorePointId.TryParse(restorePointId, out var id) || RestorePointStore.Find(tx, id) is not { } row || row.ProjectId != project.Id)
        {
            throw CapydException.NotFound("restore point");
        }

        RestorePointStore.Delete(tx, id);
        AuditTrail.Append(tx, principal, "restore_point.deleted", project.Id, clock.GetUtcNow(), new AuditDetail(BackupKey: row.BackupKey, Target: id.ToString(), Name: row.Label));
    }, cancellation);
}
