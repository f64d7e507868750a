using System.Globalization;
using System.Text.Json;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Organizations;
using Capyd.Wal;

namespace Capyd.BaseBackups;

/// <summary>Accepts a base backup. By hand, by the clock and after a gap take the same path (trap 90); there is one at a time.</summary>
internal sealed class StartBaseBackup(JobQueue queue, WalState wal) : IBaseBackupRequests
{
    /// <summary>Held by what must be alone on the whole server.</summary>
    public const string ClusterLock = "cluster";

    private const int LongestLabel = 200;

    /// <summary>Asked for by a person.</summary>
    /// <exception cref="CapydException">One is under way, or no WAL is kept.</exception>
    public Task<(JobRow Job, BaseBackupRow Backup)> RunAsync(Principal principal, string? label, CancellationToken cancellation)
    {
        var checkedLabel = Label(label);
        if (wal.Problem is { } problem)
        {
            throw new CapydException(ErrorCode.WrongState, $"no base backup can be taken, because WAL is not followed: {problem}", "a base backup needs the WAL that is written while it is taken and after it");
        }

        return queue.AcceptAsync((tx, now) =>
        {
            InstanceAccess.Require(tx, principal);
            var accepted = Enqueue(tx, "manual", checkedLabel, now)
                ?? throw new CapydException(ErrorCode.ActiveOperation, "a base backup is under way", "GET /v1/base-backups shows its job");
            AuditTrail.Append(tx, principal, "base_backup.started", null, now, new AuditDetail(JobId: accepted.Job.Id.ToString()));
            return accepted;
        }, cancellation);
    }

    /// <summary>Asked for by capyd itself.</summary>
    /// <param name="trigger"><c>first</c>, <c>schedule</c> or <c>gap</c>.</param>
    /// <returns>Null when one is under way, which serves as well.</returns>
    public Task<JobRow?> AcceptAsync(string trigger, CancellationToken cancellation) =>
        queue.AcceptAsync((tx, now) => Enqueue(tx, trigger, null, now)?.Job, cancellation);

    public Task AskForGapAsync(CancellationToken cancellation) => AcceptAsync("gap", cancellation);

    /// <summary>The same inside the caller's transaction.</summary>
    public (JobRow Job, BaseBackupRow Backup)? Enqueue(MetadataTransaction tx, string trigger, string? label, DateTimeOffset now)
    {
        if (JobStore.HasConflict(tx, ClusterLock, "exclusive"))
        {
            return null;
        }

        var id = BaseBackupId.New();
        var job = queue.Enqueue(tx, new NewJob(BaseBackupJob.JobType, OrganizationStore.First(tx)!.Id)
        {
            LockedResource = ClusterLock,
            PayloadJson = JsonSerializer.Serialize(new BaseBackupPayload(id.ToString()), BaseBackupsJson.Default.BaseBackupPayload),
        }, now);
        var row = new BaseBackupRow
        {
            Id = id, Name = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{id}"), State = "running", Trigger = trigger,
            Label = label, JobId = job.Id, CreatedAt = now, UpdatedAt = now,
        };
        BaseBackupStore.Insert(tx, row);
        return (job, row);
    }

    private static string? Label(string? label)
    {
        var trimmed = label?.Trim();
        return trimmed is { Length: > LongestLabel } || (trimmed is not null && !ProjectNaming.IsPlain(trimmed))
            ? throw CapydException.Invalid($"label: wants at most {LongestLabel} characters without control characters")
            : string.IsNullOrEmpty(trimmed) ? null : trimmed;
    }
}
