using Capyd.Approvals;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Previews;
using Capyd.Projects;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;
using Capyd.Storage.Projects;

namespace Capyd.Restores;

/// <summary>Accepts a restore: checks source, target and rights, and writes the job with whatever row it fills.</summary>
internal sealed class StartRestore(JobQueue queue, PreviewPlan previews, RestoreMoment moments, CapydOptions options)
{
    public async Task<JobRow> RunAsync(Principal principal, string projectId, RestoreBody? request, CancellationToken cancellation)
    {
        var body = request ?? throw CapydException.Invalid("the body is missing", "give backup_key or restore_time, and target_kind");
        var target = RestoreTarget.Parse(body.TargetKind);
        var plan = await moments.PlanAsync(principal, projectId, body, cancellation);
        return await queue.AcceptAsync((tx, now) => Accept(tx, principal, projectId, new RestoreOrder(body, target, plan, now)), cancellation);
    }

    private JobRow Accept(MetadataTransaction tx, Principal principal, string projectId, RestoreOrder order)
    {
        var (body, target) = (order.Body, order.Target);
        var project = ProjectAccess.Find(tx, principal, projectId);
        if (target == RestoreTarget.Project && Approval.FindUsed(tx, body.ApprovalToken, project.Id, Approval.RestoreOverwrite) is { } authorized)
        {
            return authorized;
        }

        RequireProvisioned(project);
        order = order with { Backup = order.Plan is null ? RestoreSource.Find(tx, project, body) : null };
        var job = target switch
        {
            RestoreTarget.Project => IntoProject(tx, principal, project, order),
            RestoreTarget.Preview => IntoPreview(tx, principal, project, order),
            _ => IntoNewPreview(tx, project, order),
        };
        var action = target == RestoreTarget.Project ? "project.restore_overwrite_started" : "restore.started";
        AuditTrail.Append(tx, principal, action, project.Id, order.Now, new AuditDetail(JobId: job.Id.ToString(), BackupKey: order.Backup?.BackupKey, Target: target));
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

    private JobRow IntoProject(MetadataTransaction tx, Principal principal, ProjectRow project, RestoreOrder order)
    {
        var (body, now) = (order.Body, order.Now);
        principal.RequireOrganizationWide();
        if (project.Environment == ProjectEnvironment.Production)
        {
            throw new CapydException(
                ErrorCode.WrongState, "a production project is not overwritten",
                "restore into a preview, or set environment to non_production first (PATCH /v1/projects/{id})");
        }

        var byFlag = options.Restore.AllowConfirmFlag && body.ConfirmProjectOverwrite == true;
        var approval = byFlag ? null : Approval.Require(tx, body.ApprovalToken, project, Approval.RestoreOverwrite, now);
        var job = ProjectJobs.Enqueue(tx, queue, project, order.JobType, now, order.Payload());
        if (!ProjectStore.SetState(tx, project.Id, ["ready"], "restoring", null, now))
        {
            throw CapydException.Busy();
        }

        approval?.Consume(tx, job.Id, now);
        return job;
    }

    private JobRow IntoPreview(MetadataTransaction tx, Principal principal, ProjectRow project, RestoreOrder order)
    {
        var preview = PreviewAccess.Find(tx, principal, order.Body.PreviewId is { Length: > 0 } id ? id : throw CapydException.Invalid("preview_id: wanted when target_kind is preview"));
        if (preview.ProjectId != project.Id)
        {
            throw CapydException.NotFound("preview");
        }

        var job = queue.Enqueue(tx, PreviewPlan.Job(order.JobType, preview, order.Payload()), order.Now);
        return PreviewStore.SetState(tx, preview.Id, ["ready", "failed"], "restoring", null, order.Now) ? job : throw CapydException.Busy();
    }

    private JobRow IntoNewPreview(MetadataTransaction tx, ProjectRow project, RestoreOrder order)
    {
        var preview = previews.NewRow(tx, project, order.Body.PreviewName, PreviewPlan.TtlHours(order.Body.TtlHours), order.Now) with
        {
            SourceKind = order.Backup is null ? PreviewSources.Moment : PreviewSources.Backup, SourceBackupKey = order.Backup?.BackupKey,
            SourceRestoreTime = order.Plan?.RestoreTime, SourceDatabase = order.Backup?.DatabaseName ?? project.DatabaseName,
        };
        PreviewStore.Insert(tx, preview);
        return queue.Enqueue(tx, PreviewPlan.Job(order.JobType, preview, order.Payload()), order.Now);
    }
}
