using System.Text.Json;
using Capyd.Audit;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Wal;

namespace Capyd.BaseBackups;

/// <summary>Job: one base backup, and the wait for the WAL without which it is worth nothing (trap 23).</summary>
internal sealed class BaseBackupJob(MetadataDatabase metadata, TakeBaseBackup take, WalArrival wal) : IJobHandler
{
    public const string JobType = "instance.base_backup";

    public string Type => JobType;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var row = Find(metadata, job.Row);
        if (job.Row.Attempts > 1 || job.Row.CrashCount > 0)
        {
            await metadata.WriteAsync(GarbageDue.Set, cancellation);
        }

        var previous = metadata.Read(BaseBackupStore.List).FirstOrDefault(other => other is { State: "completed", VerificationState: not "failed" });
        var taken = await take.RunAsync(job, row, previous, cancellation);
        FaultPoint.Reach("base_backup.after_manifest");
        job.Report("wal", 0.96);
        await wal.WaitAsync(taken, cancellation);
        FaultPoint.Reach("base_backup.after_wal");
        return new JobOutcome(tx => Complete(tx, job, row, taken with { CompletedAt = job.Clock.GetUtcNow() }), Result(taken));
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at)
    {
        BaseBackupStore.Fail(tx, IdOf(job), error, at);
        GarbageDue.Set(tx);
    }

    public static BaseBackupRow Find(MetadataDatabase metadata, JobRow job) =>
        metadata.Read(session => BaseBackupStore.Find(session, IdOf(job))) ?? throw CapydException.NotFound("base backup");

    public static BaseBackupId IdOf(JobRow job) =>
        BaseBackupId.Parse(JsonSerializer.Deserialize(job.PayloadJson, BaseBackupsJson.Default.BaseBackupPayload)!.BaseBackupId);

    private static void Complete(MetadataTransaction tx, JobContext job, BaseBackupRow row, BaseBackupRow taken)
    {
        BaseBackupStore.Complete(tx, taken);
        foreach (var gap in WalGapStore.ListOpen(tx).Where(gap => Heals(taken, gap)))
        {
            WalGapStore.Heal(tx, gap.Id, row.Id, job.Clock.GetUtcNow());
        }

        AuditTrail.AppendSystem(
            tx, job.Row.OrganizationId, "base_backup.completed", null, job.Clock.GetUtcNow(), new AuditDetail(JobId: job.Row.Id.ToString(), Name: row.Name));
    }

    /// <summary>Everything after the gap can be recovered from a backup that began behind its end.</summary>
    private static bool Heals(BaseBackupRow taken, WalGapRow gap) =>
        gap.SystemIdentifier == taken.SystemIdentifier && gap.ToLsn is { } to && taken.Timeline >= gap.Timeline && Lsn.Parse(to) <= Lsn.Parse(taken.StartLsn!);

    private static string Result(BaseBackupRow taken) => JsonSerializer.Serialize(
        new BaseBackupResultBody(taken.Id.ToString(), taken.Files, taken.LogicalBytes, taken.AddedBytes, taken.StopAt!.Value),
        BaseBackupsJson.Default.BaseBackupResultBody);
}
