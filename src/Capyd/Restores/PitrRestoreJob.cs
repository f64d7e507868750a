using System.Text.Json;
using Capyd.Audit;
using Capyd.Jobs;
using Capyd.Previews;
using Capyd.Recovery;
using Capyd.Storage.Jobs;

namespace Capyd.Restores;

/// <summary>
/// Job: recover the project's database to the planned place in the WAL in a private server, take it out of there as a build, and swap
/// that in. The plan is the job's, so a rerun recovers exactly the same.
/// </summary>
internal sealed class PitrRestoreJob(RecoveryRun recovery, RecoveryExtraction extraction, RestoreSwap swap, RestorePlaces places) : IJobHandler
{
    public const string JobType = "instance.pitr_restore";

    private const double RecoveryShare = 0.55;
    private const double BuiltShare = 0.95;

    public string Type => JobType;

    /// <summary>What a job recovers to; null for jobs of other types.</summary>
    public static RecoveryPlan? PlanOf(JobRow job) => job.Type == JobType ? Payload(job).Plan : null;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var payload = Payload(job.Row);
        var place = places.Find(job.Row, payload.Target);
        var result = job.Row.CheckpointJson ?? await BuildAsync(job, payload.Plan, place, cancellation);
        job.Report("swap", 0.97);
        await swap.RunAsync(job, place);
        return new JobOutcome(tx => Finish(tx, job, place, payload.Plan), result);
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) => RestorePlaces.Fail(tx, job, Payload(job).Target, error, at);

    /// <returns>The result as JSON; kept as the checkpoint, which says that the build is whole.</returns>
    private async Task<string> BuildAsync(JobContext job, RecoveryPlan plan, RestorePlace place, CancellationToken cancellation)
    {
        await swap.EnsureRoleAsync(place, cancellation);
        await swap.Builds.DiscardAsync(job, cancellation);
        try
        {
            var result = JsonSerializer.Serialize(await FillAsync(job, plan, place, cancellation), RestoresJson.Default.PitrResult);
            FaultPoint.Reach("pitr.before_checkpoint");
            await job.CheckpointAsync(result);
            FaultPoint.Reach("pitr.after_checkpoint");
            return result;
        }
        catch
        {
            await swap.Builds.DiscardAfterFailureAsync(job);
            throw;
        }
    }

    private async Task<PitrResult> FillAsync(JobContext job, RecoveryPlan plan, RestorePlace place, CancellationToken cancellation)
    {
        await using var recovered = await recovery.RunAsync(
            job, plan, places.DatabaseOf(job.Project), (phase, done) => job.Report(phase, RecoveryShare * done), cancellation);
        var copy = await extraction.RunAsync(
            job, recovered, (place.Role.Name, place.PlanSettings, KeepPrivileges: place.IsProject),
            (phase, done) => job.Report(phase, RecoveryShare + ((BuiltShare - RecoveryShare) * done)), cancellation);
        FaultPoint.Reach("pitr.after_extract");
        return new PitrResult(
            plan.Requested, plan.RestoreTime, plan.Clamped, recovered.LastCommitAt ?? plan.Effective, plan.BaseBackup, place.Database.ToString(),
            copy.Relations, copy.Rows, place.KeepsReplaced ? places.UndoUntil(job.Clock.GetUtcNow()) : null);
    }

    private void Finish(MetadataTransaction tx, JobContext job, RestorePlace place, RecoveryPlan plan)
    {
        var now = job.Clock.GetUtcNow();
        places.Finish(tx, job.Row, place, new RestoredFrom(PreviewSources.Moment, null, plan.RestoreTime), now);
        AuditTrail.AppendSystem(tx, job.Row.OrganizationId, "restore.completed", job.Row.ProjectId, now, new AuditDetail(JobId: job.Row.Id.ToString()));
    }

    private static PitrPayload Payload(JobRow job) => JsonSerializer.Deserialize(job.PayloadJson, RestoresJson.Default.PitrPayload)!;
}
