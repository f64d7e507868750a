using Capyd.Audit;
using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Projects;

namespace Capyd.Limits;

/// <summary>
/// Holds a project whose storage is used up: its database becomes read-only by default for sessions to come, and writable again
/// once there is room. No write under way is dropped. Whether it is held is asked of the server itself each time, so a
/// restore, an undo or a crash in between is made good by the next look.
/// </summary>
internal sealed partial class StorageGuard(PostgresServer server, MetadataDatabase metadata, TimeProvider clock, ILogger<StorageGuard> logger)
{
    public async Task EnforceAsync(ProjectRow project, DatabaseMeasure measure, CancellationToken stopping)
    {
        var hold = new StorageHold(server.Capabilities.Cluster);
        switch (StoragePolicy.Next(measure.OnHold, measure.SizeBytes, project.StorageLimitBytes))
        {
            case StorageStep.Hold when await hold.SetAsync(measure.Name, stopping):
                LogHeld(project.Id, measure.SizeBytes, project.StorageLimitBytes);
                await NoteAsync(project, "project.storage_hold_set", stopping);
                break;
            case StorageStep.Release:
                await hold.ReleaseAsync(measure.Name, stopping);
                LogReleased(project.Id, measure.SizeBytes, project.StorageLimitBytes);
                await NoteAsync(project, "project.storage_hold_released", stopping);
                break;
        }
    }

    private Task NoteAsync(ProjectRow project, string action, CancellationToken stopping) => metadata.WriteAsync(
        tx => AuditTrail.AppendSystem(tx, project.OrganizationId, action, project.Id, clock.GetUtcNow(), new AuditDetail(Name: project.Name)), stopping);

    [LoggerMessage(8000, LogLevel.Warning, "{Project} takes {Bytes} of {Limit} bytes and is read-only for new sessions; it is writable again below 95 %")]
    private partial void LogHeld(ProjectId project, long bytes, long limit);

    [LoggerMessage(8001, LogLevel.Information, "{Project} takes {Bytes} of {Limit} bytes and is writable again")]
    private partial void LogReleased(ProjectId project, long bytes, long limit);
}
