using System.Text.Json;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Organizations;

namespace Capyd.BaseBackups;

/// <summary>Accepts the verification of a base backup.</summary>
internal sealed class VerifyBaseBackup(JobQueue queue)
{
    /// <summary>Asked for by a person.</summary>
    public Task<JobRow> RunAsync(Principal principal, string id, CancellationToken cancellation) => queue.AcceptAsync((tx, now) =>
    {
        var row = InstanceAccess.Find(tx, principal, id);
        if (row.State != "completed")
        {
            throw new CapydException(ErrorCode.WrongState, $"the base backup is {row.State}, and only a completed one can be verified");
        }

        var job = Enqueue(tx, row, now)
            ?? throw new CapydException(ErrorCode.ActiveOperation, "the base backup is being verified", "GET /v1/base-backups shows when it is done");
        AuditTrail.Append(tx, principal, "base_backup.verification_started", null, now, new AuditDetail(JobId: job.Id.ToString(), Name: row.Name));
        return job;
    }, cancellation);

    /// <summary>Asked for by capyd itself.</summary>
    public Task AcceptAsync(BaseBackupRow row, CancellationToken cancellation) => queue.AcceptAsync((tx, now) => Enqueue(tx, row, now), cancellation);

    /// <summary>Null when it is being verified.</summary>
    private JobRow? Enqueue(MetadataTransaction tx, BaseBackupRow row, DateTimeOffset now)
    {
        var resource = $"base_backup:{row.Id}";
        if (JobStore.HasConflict(tx, resource, "exclusive"))
        {
            return null;
        }

        var job = queue.Enqueue(tx, new NewJob(VerifyBaseBackupJob.JobType, OrganizationStore.First(tx)!.Id)
        {
            LockedResource = resource,
            PayloadJson = JsonSerializer.Serialize(new BaseBackupPayload(row.Id.ToString()), BaseBackupsJson.Default.BaseBackupPayload),
        }, now);
        BaseBackupStore.SetVerification(tx, row.Id, "running", null, now);
        return job;
    }
}
