using System.Text.Json;
using Capyd.Approvals;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Previews;
using Capyd.Projects;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;
using Capyd.Storage.Projects;

namespace Capyd.Restores;

/// <summary>Accepts a restore: checks source, target and rights, and writes the job with whatever row it fills.</summary>
internal sealed class StartRestore(JobQueue queue, PreviewPlan previews, CapydOptions options)
{
    public Task<JobRow> RunAsync(Principal principal, string projectId, RestoreBody? request, CancellationToken cancellation)
    {
        var body = request ?? throw CapydException.Invalid("the body is missing", "give backup_key and target_kind");
        var target = RestoreTarget.Parse(body.TargetKind);
        return queue.AcceptAsync((tx, now) => Accept(tx, principal, projectId, body, target, now), cancellation);
    }

    private JobRow Accept(MetadataTransaction tx, Principal principal, string projectId, RestoreBody body, string target, DateTimeOffset now)
    {
        var project = ProjectAccess.Find(tx, principal, projectId);
        if (target == RestoreTarget.Project && Approval.FindUsed(tx, body.ApprovalToken, project.Id, Approval.RestoreOverwrite) is { } authorized)
        {
            return authorized;
        }

        RequireProvisioned(project);
        var backup = RestoreSource.Find(tx, project, body);
        var payload = JsonSerializer.Serialize(new RestorePayload(backup.Id.ToString(), target), RestoresJson.Default.RestorePayload);
        var job = target switch
        {
            RestoreTarget.Project => IntoProject(tx, principal, project, body, payload, now),
            RestoreTarget.Preview => IntoPreview(tx, principal, project, body, payload, now),
            _ => IntoNewPreview(tx, project, body, payload, backup, now),
        };
        var action = target == RestoreTarget.Project ? "project.restore_overwrite_started" : "restore.started";
        AuditTrail.Append(tx, principal, action, project.Id, now, new AuditDetail(JobId: job.Id.ToString(), BackupKey: backup.BackupKey, Target: target));
        return job;
    }

    private static void RequireProvisioned(ProjectRow project)
    {
        if (project.State is "provisioning" or "failed")
        {
            throw new CapydException(ErrorCode.WrongState, $"project must be ready, and it is {project.State}");
        }

        if (project.State == "deleting")
        {
            throw CapydException.Busy();
        }
    }

    private JobRow IntoProject(MetadataTransaction tx, Principal principal, ProjectRow project, RestoreBody body, string payload, DateTimeOffset now)
    {
        principal.RequireOrganizationWide();
        if (project.Environment == ProjectEnvironment.Production)
        {
            throw new CapydException(
                ErrorCode.WrongState, "a production project is not overwritten",
                "restore into a preview, or set environment to non_production first (PATCH /v1/projects/{id})");
        }

        var byFlag = options.Restore.AllowConfirmFlag && body.ConfirmProjectOverwrite == true;
        var approval = byFlag ? null : Approval.Require(tx, body.ApprovalToken, project, Approval.RestoreOverwrite, now);
        var job = ProjectJobs.Enqueue(tx, queue, project, RestoreJob.JobType, now, payload);
        if (!ProjectStore.SetState(tx, project.Id, ["ready"], "restoring", null, now))
        {
            throw CapydException.Busy();
        }

        approval?.Consume(tx, job.Id, now);
        return job;
    }

    private JobRow IntoPreview(MetadataTransaction tx, Principal principal, ProjectRow project, RestoreBody body, string payload, DateTimeOffset now)
    {
        var preview = PreviewAccess.Find(tx, principal, body.PreviewId is { Length: > 0 } id ? id : throw CapydException.Invalid("preview_id: wanted when target_kind is preview"));
        if (preview.ProjectId != project.Id)
        {
            throw CapydException.NotFound("preview");
        }

        var job = queue.Enqueue(tx, PreviewPlan.Job(RestoreJob.JobType, preview, payload), now);
        return PreviewStore.SetState(tx, preview.Id, ["ready", "failed"], "restoring", null, now) ? job : throw CapydException.Busy();
    }

    private JobRow IntoNewPreview(MetadataTransaction tx, ProjectRow project, RestoreBody body, string payload, BackupRow backup, DateTimeOffset now)
    {
        var preview = previews.NewRow(tx, project, body.PreviewName, PreviewPlan.TtlHours(body.TtlHours), now) with
        {
            SourceKind = "backup", SourceBackupKey = backup.BackupKey, SourceDatabase = backup.DatabaseName,
        };
        PreviewStore.Insert(tx, preview);
        return queue.Enqueue(tx, PreviewPlan.Job(RestoreJob.JobType, preview, payload), now);
    }
}
