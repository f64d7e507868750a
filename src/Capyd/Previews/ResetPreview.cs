using System.Text.Json;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Recovery;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>Accepts and does a reset: the preview's content anew from where it came, under the same name, role, password and address.</summary>
internal sealed class ResetPreview(JobQueue queue, PreviewBuild build, MetadataDatabase metadata, ResetMoment moments) : IJobHandler
{
    public string Type => "preview.reset";

    public async Task<JobRow> AcceptAsync(Principal principal, string previewId, CancellationToken cancellation)
    {
        var seen = metadata.Read(session => PreviewAccess.Find(session, principal, previewId));
        var plan = await moments.PlanAsync(seen, cancellation);
        return await queue.AcceptAsync((tx, now) => Accept(tx, principal, seen, plan, now), cancellation);
    }

    private JobRow Accept(MetadataTransaction tx, Principal principal, PreviewRow seen, RecoveryPlan? plan, DateTimeOffset now)
    {
        var preview = PreviewAccess.Find(tx, principal, seen.Id.ToString());
        if (preview.SourceKind != seen.SourceKind || preview.SourceRestoreTime != seen.SourceRestoreTime)
        {
            throw CapydException.Busy();
        }

        RequireSource(tx, principal, preview);
        var payload = JsonSerializer.Serialize(new ResetPayload(preview.State, plan), PreviewsJson.Default.ResetPayload);
        var job = queue.Enqueue(tx, PreviewPlan.Job(Type, preview, payload), now);
        if (!PreviewStore.SetState(tx, preview.Id, ["ready", "failed"], "restoring", null, now))
        {
            throw CapydException.Busy();
        }

        AuditTrail.Append(tx, principal, "preview.reset", preview.ProjectId, now, new AuditDetail(JobId: job.Id.ToString(), PreviewId: preview.Id.ToString()));
        return job;
    }

    /// <summary>Said at once rather than by a job that fails.</summary>
    private static void RequireSource(MetadataTransaction tx, Principal principal, PreviewRow preview)
    {
        const string WayOut = "restore into it: POST /v1/projects/{id}/restores with target_kind preview";
        switch (preview.SourceKind)
        {
            case PreviewSources.Backup when BackupStore.FindByKey(tx, preview.SourceBackupKey!) is not { State: "completed" }:
                throw new CapydException(ErrorCode.WrongState, $"the backup that this preview came from is gone: {preview.SourceBackupKey}", WayOut);
            case PreviewSources.Backup or PreviewSources.Moment:
                break;
            case PreviewSources.Database or null:
                ProjectAccess.FindReady(tx, principal, preview.ProjectId.ToString());
                break;
            default:
                throw new CapydException(ErrorCode.WrongState, $"this preview came from a {preview.SourceKind} and cannot be reset", WayOut);
        }
    }

    public Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation) => build.RunAsync(job, "restoring", cancellation);

    /// <summary>Nothing was replaced, so the preview is what it was.</summary>
    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at)
    {
        var before = JsonSerializer.Deserialize(job.PayloadJson, PreviewsJson.Default.ResetPayload)!.StateBefore;
        PreviewStore.SetState(tx, job.PreviewId!.Value, ["restoring"], before, $"reset failed: {error}", at);
    }
}
