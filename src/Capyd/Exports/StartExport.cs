using System.Text.Json;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Exports;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Exports;

/// <summary>Accepts an export: the row, its job and the audit row, in one transaction. One at a time for each project.</summary>
internal sealed class StartExport(JobQueue queue, CapydOptions options)
{
    public Task<(ExportId Export, JobRow Job)> RunAsync(Principal principal, string projectId, CancellationToken cancellation) =>
        queue.AcceptAsync((tx, now) => Accept(tx, principal, projectId, now), cancellation);

    private (ExportId, JobRow) Accept(MetadataTransaction tx, Principal principal, string projectId, DateTimeOffset now)
    {
        var project = ProjectAccess.FindReady(tx, principal, projectId);
        RequireRoom(ExportStore.ListByProject(tx, project.Id));
        var id = ExportId.New();
        var job = queue.Enqueue(tx, new NewJob(ExportJob.JobType, project.OrganizationId)
        {
            Project = project.Id, LockedResource = JobQueue.ProjectLock(project.Id), Shared = true,
            PayloadJson = JsonSerializer.Serialize(new ExportPayload(id.ToString()), ExportsJson.Default.ExportPayload),
        }, now);
        ExportStore.Insert(tx, NewRow(id, project, job.Id, now));
        AuditTrail.Append(tx, principal, "project.export_started", project.Id, now, new AuditDetail(JobId: job.Id.ToString(), Target: id.ToString()));
        return (id, job);
    }

    private void RequireRoom(IReadOnlyList<ExportRow> exports)
    {
        if (exports.Any(export => export.State == ExportStates.Running))
        {
            throw CapydException.Busy();
        }

        var kept = exports.Where(export => export.State == ExportStates.Completed).ToList();
        if (kept.Count >= options.Exports.MaxKept)
        {
            throw new CapydException(
                ErrorCode.WrongState, $"{kept.Count} exports of this project are kept, and that is the limit",
                $"the oldest expires at {kept.Min(export => export.ExpiresAt):u}; exports.max_kept in capyd.yaml sets the limit");
        }
    }

    private ExportRow NewRow(ExportId id, ProjectRow project, JobId job, DateTimeOffset now) => new()
    {
        Id = id, ProjectId = project.Id, OrganizationId = project.OrganizationId, DatabaseName = project.DatabaseName,
        ObjectKey = $"exports/{project.Id}/{id}.dump", State = ExportStates.Running, JobId = job, ExpiresAt = now.AddDays(options.Exports.KeepDays),
        CreatedAt = now, UpdatedAt = now,
    };
}
