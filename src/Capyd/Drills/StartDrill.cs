using System.Security.Cryptography;
using System.Text.Json;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Drills;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Drills;

/// <summary>Accepts a drill: the row, its job and the audit row. By hand and by the clock take the same path (trap 90); there is one at a time.</summary>
internal sealed class StartDrill(JobQueue queue, MetadataDatabase metadata, DrillMoments moments)
{
    /// <summary>Held by the one drill that is under way.</summary>
    public const string DrillLock = "drill";

    /// <summary>Asked for by a person; a project and a moment that are not named are drawn.</summary>
    /// <exception cref="CapydException">The project or the moment cannot be recovered, or a drill is under way.</exception>
    public async Task<(DrillRow Drill, JobRow Job)> RunAsync(Principal principal, StartDrillRequest asked, CancellationToken cancellation)
    {
        var project = metadata.Read(session => Choose(session, principal, asked.ProjectId));
        var checkedMoment = await moments.CheckAsync(project, asked, cancellation);
        return await queue.AcceptAsync((tx, now) =>
        {
            if (IsUnderWay(tx))
            {
                throw new CapydException(ErrorCode.ActiveOperation, "a drill is under way, and there is one at a time", "GET /v1/drills shows its job");
            }

            var accepted = Enqueue(tx, ProjectAccess.FindReady(tx, principal, project.Id.ToString()), "manual", checkedMoment, now);
            AuditTrail.Append(
                tx, principal, "drill.started", project.Id, now, new AuditDetail(JobId: accepted.Job.Id.ToString(), Target: accepted.Drill.Id.ToString()));
            return accepted;
        }, cancellation);
    }

    public static bool IsUnderWay(MetadataSession session) => JobStore.HasConflict(session, DrillLock, LockModes.Exclusive);

    /// <summary>Inside the caller's transaction.</summary>
    public (DrillRow Drill, JobRow Job) Enqueue(MetadataTransaction tx, ProjectRow project, string trigger, (DateTimeOffset? At, BackupId? Proof) asked, DateTimeOffset now)
    {
        var id = DrillId.New();
        var job = queue.Enqueue(tx, new NewJob(DrillJob.JobType, project.OrganizationId)
        {
            Project = project.Id, LockedResource = DrillLock,
            PayloadJson = JsonSerializer.Serialize(new DrillPayload(id.ToString()), DrillsJson.Default.DrillPayload),
        }, now);
        var row = new DrillRow
        {
            Id = id, ProjectId = project.Id, OrganizationId = project.OrganizationId, Trigger = trigger, Seed = RandomNumberGenerator.GetInt32(int.MaxValue),
            RequestedTime = asked.At, ProofBackupId = asked.Proof, JobId = job.Id, CreatedAt = now, UpdatedAt = now,
        };
        DrillStore.Insert(tx, row);
        return (row, job);
    }

    private static ProjectRow Choose(MetadataSession session, Principal principal, string? projectId)
    {
        if ((projectId ?? principal.Project?.ToString()) is { } named)
        {
            return ProjectAccess.FindReady(session, principal, named);
        }

        var ready = ProjectStore.ListLive(session, principal.Organization).Where(project => project.State == ProjectStates.Ready).ToList();
        return ready.Count > 0
            ? ready[RandomNumberGenerator.GetInt32(ready.Count)]
            : throw new CapydException(ErrorCode.WrongState, "there is no project that is ready, so there is nothing to recover");
    }
}
