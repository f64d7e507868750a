using System.Text.Json;
using Capyd.Audit;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Drills;
using Capyd.Storage.Jobs;

namespace Capyd.Drills;

/// <summary>Job: recovers a project to a moment as a restore would, checks what came out, and throws it away. It changes nothing of the project.</summary>
internal sealed class DrillJob(MetadataDatabase metadata, DrillMoments moments, Rehearsal rehearsal, RepositoryKeyCheck keys) : IJobHandler
{
    public const string JobType = "instance.drill";

    public string Type => JobType;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var drill = metadata.Read(session => DrillStore.Find(session, DrillOf(job.Row))) ?? throw CapydException.NotFound("drill");
        var project = ProjectJobs.Of(metadata, job);
        job.Report("choose", 0);
        var target = await moments.ChooseAsync(drill, project, cancellation);
        var chosen = drill with
        {
            RestoreTime = target.RestoreTime, TargetLsn = target.Plan.Target, BaseBackupId = target.Plan.BaseBackupId, ProofBackupId = target.Proof?.Backup,
        };
        await metadata.WriteAsync(tx => { DrillStore.Choose(tx, chosen, job.Clock.GetUtcNow()); }, cancellation);
        FaultPoint.Reach("drill.after_choice");
        var measured = await rehearsal.RunAsync(job, project, target, cancellation);
        FaultPoint.Reach("drill.after_rehearsal");
        await keys.RequireAsync(cancellation);
        var ended = chosen with
        {
            Recovery = measured.Recovery, Rto = measured.Rto, Tables = measured.Tables, Rows = measured.Rows,
            ProofBackupId = measured.ProofCompared ? target.Proof?.Backup : null,
        };
        return new JobOutcome(tx => Finish(tx, ended, job), JsonSerializer.Serialize(Result(ended, measured), DrillsJson.Default.DrillResult));
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) => DrillStore.Fail(tx, DrillOf(job), error, at);

    private static void Finish(MetadataTransaction tx, DrillRow drill, JobContext job)
    {
        var now = job.Clock.GetUtcNow();
        DrillStore.Succeed(tx, drill, now);
        AuditTrail.AppendSystem(
            tx, drill.OrganizationId, "drill.completed", drill.ProjectId, now, new AuditDetail(JobId: job.Row.Id.ToString(), Target: drill.Id.ToString()));
    }

    private static DrillResult Result(DrillRow drill, RehearsalResult measured) => new(
        drill.Id.ToString(), drill.RestoreTime!.Value, DrillBody.Seconds(measured.Recovery)!.Value, DrillBody.Seconds(measured.Rto)!.Value, measured.Tables, measured.Rows,
        drill.ProofBackupId?.ToString());

    private static DrillId DrillOf(JobRow job) =>
        DrillId.Parse(JsonSerializer.Deserialize(job.PayloadJson, DrillsJson.Default.DrillPayload)!.DrillId);
}
