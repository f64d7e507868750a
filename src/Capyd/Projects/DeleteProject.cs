using System.Text.Json;
using Capyd.Approvals;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Backups;
using Capyd.Jobs;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;

namespace Capyd.Projects;

/// <summary>Accepts the end of a project. A production project needs a person's approval (contract D.15).</summary>
internal sealed class DeleteProject(JobQueue queue, CapydOptions options)
{
    public Task<JobRow> AcceptAsync(Principal principal, string projectId, string? approvalToken, bool skipFinalBackup, CancellationToken cancellation)
    {
        principal.RequireOrganizationWide();
        return queue.AcceptAsync((tx, now) => Accept(tx, principal, projectId, approvalToken, skipFinalBackup, now), cancellation);
    }

    private JobRow Accept(MetadataTransaction tx, Principal principal, string projectId, string? token, bool skipFinalBackup, DateTimeOffset now)
    {
        var project = ProjectAccess.Find(tx, principal, projectId);
        var production = project.Environment == ProjectEnvironment.Production;
        if (production && Approval.FindUsed(tx, token, project.Id, Approval.DeleteProject) is { } authorized)
        {
            return authorized;
        }

        var approval = production ? Approval.Require(tx, token, project, Approval.DeleteProject, now) : null;
        if (project.State is not ("ready" or "failed") || PreviewStore.ListLive(tx, project.Id).Any(preview => preview.State is not ("ready" or "failed")))
        {
            throw CapydException.Busy();
        }

        var finalBackup = project.State == "ready" && !skipFinalBackup ? BackupId.New() : (BackupId?)null;
        var payload = JsonSerializer.Serialize(new DeletePayload(finalBackup?.ToString(), project.State), DeleteJson.Default.DeletePayload);
        var job = ProjectJobs.Enqueue(tx, queue, project, DeleteProjectJob.JobType, now, payload);
        if (finalBackup is { } id)
        {
            BackupStore.Insert(tx, StartBackup.NewRow(id, job.Id, project, "final", now) with { RetentionDays = options.Backups.RetentionDays });
        }

        ProjectJobs.Move(tx, project.Id, [project.State], "deleting", null, now);
        approval?.Consume(tx, job.Id, now);
        AuditTrail.Append(tx, principal, "project.deleted", project.Id, now, new AuditDetail(JobId: job.Id.ToString()));
        return job;
    }
}
