using System.Text.Json;
using Capyd.Audit;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;

namespace Capyd.Backups;

/// <summary>Job: one backup with its proof.</summary>
internal sealed class BackupJob(MetadataDatabase metadata, BackupPipeline pipeline) : IJobHandler
{
    public const string JobType = "project.backup";

    public string Type => JobType;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var project = ProjectJobs.Of(metadata, job);
        var backup = metadata.Read(session => BackupStore.Find(session, BackupOf(job.Row))) ?? throw CapydException.NotFound("backup");
        await pipeline.RunAsync(job, project, backup, cancellation);
        return new JobOutcome(tx => AuditTrail.AppendSystem(
            tx, project.OrganizationId, "backup.completed", project.Id, job.Clock.GetUtcNow(), new AuditDetail(JobId: job.Row.Id.ToString(), BackupKey: backup.BackupKey)));
    }

    /// <summary>A backup that was never published is failed; one that was published and not proven says why.</summary>
    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at)
    {
        var backup = BackupStore.Find(tx, BackupOf(job));
        if (backup is { State: "running" })
        {
            BackupStore.SetState(tx, backup.Id, ["running"], "failed", at);
        }

        if (backup is { VerificationState: "pending" })
        {
            BackupStore.SetVerification(tx, backup.Id, "failed", error, at);
        }
    }

    private static BackupId BackupOf(JobRow job) =>
        BackupId.Parse(JsonSerializer.Deserialize(job.PayloadJson, BackupsJson.Default.BackupPayload)!.BackupId);
}
