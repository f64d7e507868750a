using Capyd.Audit;
using Capyd.Jobs;
using Capyd.Postgres.BaseBackups;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.BaseBackups;

/// <summary>Job: reads every byte of a base backup and compares the files with the server's own list of them.</summary>
internal sealed class VerifyBaseBackupJob(MetadataDatabase metadata, BaseBackupRepository repository) : IJobHandler
{
    public const string JobType = "instance.base_backup_verify";

    private const int Readers = 2;
    private const int FilesNamed = 5;

    public string Type => JobType;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var row = BaseBackupJob.Find(metadata, job.Row);
        var problem = await FindProblemAsync(job, row, cancellation);
        FaultPoint.Reach("base_backup_verify.after_read");
        if (problem is not null)
        {
            await metadata.WriteAsync(tx => { BaseBackupStore.SetVerification(tx, row.Id, "failed", problem, job.Clock.GetUtcNow()); }, CancellationToken.None);
            throw new CapydException(ErrorCode.BackupUnusable, problem);
        }

        return new JobOutcome(tx =>
        {
            var now = job.Clock.GetUtcNow();
            BaseBackupStore.SetVerification(tx, row.Id, "verified", null, now);
            AuditTrail.AppendSystem(tx, job.Row.OrganizationId, "base_backup.verified", null, now, new AuditDetail(JobId: job.Row.Id.ToString(), Name: row.Name));
        });
    }

    /// <summary>Without a verdict, as when the job was cancelled, nothing is known of it.</summary>
    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at)
    {
        if (BaseBackupStore.Find(tx, BaseBackupJob.IdOf(job)) is { VerificationState: "running" } row)
        {
            BaseBackupStore.SetVerification(tx, row.Id, "pending", error, at);
        }
    }

    /// <summary>Null when everything can be read and is what the server sent.</summary>
    private async Task<string?> FindProblemAsync(JobContext job, BaseBackupRow row, CancellationToken cancellation)
    {
        try
        {
            using var backup = await repository.OpenBackupAsync(row, cancellation);
            var verification = new BaseBackupVerification(backup.Facts.ReusesPages);
            var unreadable = await ReadAsync(job, backup, verification, cancellation);
            return unreadable.Count > 0 ? Describe(row, unreadable) : await verification.CompareAsync(backup, cancellation);
        }
        catch (Exception e) when (e is RepositoryDamagedException or InvalidDataException)
        {
            return e.Message;
        }
        catch (ObjectMissingException)
        {
            return $"the manifest of {row.Name} is gone from the repository";
        }
    }

    /// <returns>The files that cannot be read.</returns>
    private static async Task<List<string>> ReadAsync(JobContext job, StoredBaseBackup backup, BaseBackupVerification verification, CancellationToken cancellation)
    {
        var unreadable = new List<string>();
        long done = 0;
        await Parallel.ForEachAsync(
            backup.Members.Where(member => member.Kind == BaseBackupMemberKind.File),
            new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellation },
            async (file, token) =>
            {
                try
                {
                    await using var content = await backup.OpenAsync(file, token);
                    await verification.ReadAsync(file, content, token);
                }
                catch (Exception e) when (e is RepositoryDamagedException or InvalidDataException)
                {
                    lock (unreadable)
                    {
                        unreadable.Add(file.Path);
                    }
                }

                job.Report("read", (double)Interlocked.Add(ref done, file.Size) / Math.Max(1, backup.Header.LogicalBytes));
            });
        return unreadable;
    }

    private static string Describe(BaseBackupRow row, List<string> unreadable)
    {
        var named = string.Join(", ", unreadable.Order(StringComparer.Ordinal).Take(FilesNamed));
        var more = unreadable.Count > FilesNamed ? $" and {unreadable.Count - FilesNamed} more" : "";
        return $"{unreadable.Count} files of the base backup {row.Name} cannot be read from the repository: {named}{more}; "
            + "the times that only it reaches are lost. capyd repository check says which; take another base backup.";
    }
}
