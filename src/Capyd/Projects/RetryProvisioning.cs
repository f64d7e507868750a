using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Projects;

/// <summary>Legal only after a failed provisioning; while one is under way its job is returned (contract A.10).</summary>
internal sealed class RetryProvisioning(JobQueue queue)
{
    public Task<JobRow> RunAsync(Principal principal, string projectId, CancellationToken cancellation)
    {
        principal.RequireOrganizationWide();
        return queue.AcceptAsync((tx, now) => Accept(tx, principal, projectId, now), cancellation);
    }

    private JobRow Accept(MetadataTransaction tx, Principal principal, string projectId, DateTimeOffset now)
    {
        var project = ProjectAccess.Find(tx, principal, projectId);
        if (project is { State: "provisioning", LatestJobId: { } underWay } && JobStore.Find(tx, underWay) is { } job)
        {
            return job;
        }

        if (!ProjectStore.SetState(tx, project.Id, ["failed"], "provisioning", null, now))
        {
            throw new CapydException(ErrorCode.WrongState, "project is not failed");
        }

        var accepted = ProjectJobs.Enqueue(tx, queue, project, ProvisionProject.JobType, now);
        AuditTrail.Append(tx, principal, "project.provisioning_retried", project.Id, now, new AuditDetail(JobId: accepted.Id.ToString()));
        return accepted;
    }
}
