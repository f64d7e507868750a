using Capyd.Audit;
using Capyd.Storage.Exports;
using Capyd.Storage.Repository;

namespace Capyd.Exports;

/// <summary>Removes the files of exports whose time is over, or whose project is gone. Row first, then file, then row again (trap 75).</summary>
internal sealed partial class ExportExpiry(MetadataDatabase metadata, IObjectStore objects, TimeProvider clock, ILogger<ExportExpiry> logger) : IDueWork
{
    public string Name => "exports";

    public async Task TickAsync(CancellationToken stopping)
    {
        foreach (var export in metadata.Read(session => ExportStore.ListDueForExpiry(session, clock.GetUtcNow())))
        {
            await ExpireAsync(export, stopping);
        }
    }

    private async Task ExpireAsync(ExportRow export, CancellationToken stopping)
    {
        await metadata.WriteAsync(
            tx => { ExportStore.SetState(tx, export.Id, [ExportStates.Completed, ExportStates.Failed], ExportStates.Deleting, clock.GetUtcNow()); }, stopping);
        FaultPoint.Reach("export_expiry.after_mark");
        await objects.DeleteAsync(ObjectName.Parse(export.ObjectKey), stopping);
        FaultPoint.Reach("export_expiry.after_delete");
        await metadata.WriteAsync(tx =>
        {
            ExportStore.SetState(tx, export.Id, [ExportStates.Deleting], ExportStates.Expired, clock.GetUtcNow());
            AuditTrail.AppendSystem(tx, export.OrganizationId, "export.expired", export.ProjectId, clock.GetUtcNow(), new AuditDetail(Target: export.Id.ToString()));
        }, stopping);
        LogExpired(export.Id);
    }

    [LoggerMessage(6200, LogLevel.Information, "{Export} is past its time and its file was removed")]
    private partial void LogExpired(ExportId export);
}
