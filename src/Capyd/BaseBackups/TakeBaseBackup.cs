using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.BaseBackups;
using Capyd.Storage.BaseBackups;
using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.BaseBackups;

/// <summary>Copies the server's files into the repository. What has no manifest is no backup, so a death leaves only packs that nothing refers to.</summary>
internal sealed class TakeBaseBackup(PostgresServer server, BaseBackupRepository repository, ClusterIdentity cluster, CapydOptions options)
{
    private const double CopyShare = 0.95;

    /// <summary>Until then it is enough to read what changed.</summary>
    private TimeSpan FullReadAfter => TimeSpan.FromDays(options.Pitr.FullReadDays);

    /// <summary>The backup as its manifest tells it; one that an earlier run of the job has finished is adopted.</summary>
    public async Task<BaseBackupRow> RunAsync(JobContext job, BaseBackupRow row, BaseBackupRow? previous, CancellationToken cancellation)
    {
        using var finished = await repository.FindBackupAsync(row.Name, cancellation);
        return finished is null
            ? await TakeAsync(job, row, previous, cancellation)
            : finished.Facts.ToRow(finished.Header);
    }

    private async Task<BaseBackupRow> TakeAsync(JobContext job, BaseBackupRow row, BaseBackupRow? previous, CancellationToken cancellation)
    {
        job.Report("wait", 0);
        await using var session = await repository.BeginAsync(row.Name, cancellation);
        FaultPoint.Reach("base_backup.after_begin");
        using var earlier = await OpenAsync(previous, cancellation);
        var members = new ChunkedMembers(session, repository.Options.ChunkBytes);
        var request = Request(job, row, members, earlier) with
        {
            Earlier = earlier?.Facts.WasReadWithin(FullReadAfter, job.Clock.GetUtcNow()) == true ? new EarlierMembers(earlier, session) : null,
        };
        var result = await new BaseBackup(server.Capabilities.Cluster).RunAsync(request, cancellation);
        FaultPoint.Reach("base_backup.after_copy");
        var facts = BaseBackupFacts.Of(row, cluster.Id, result, earlier?.Facts, members.Reuses, job.Clock.GetUtcNow());
        var summary = await session.CommitAsync(facts.ToJson(), cancellation);
        return facts.ToRow(summary.Header);
    }

    private BaseBackupRequest Request(JobContext job, BaseBackupRow row, ChunkedMembers members, StoredBaseBackup? earlier) =>
        new($"capyd {row.Name}", members.TakeAsync)
        {
            ApplicationName = job.ApplicationName,
            Clock = job.Clock,
            MaxRateKilobytes = options.Pitr.BaseBackupRateBytes is { } rate ? (int)Math.Clamp(rate >> 10, 32, 1 << 20) : null,
            Progress = progress => job.Report("copy", CopyShare * progress.Fraction),
            Started = (start, _) =>
            {
                job.Report("copy", 0);
                if (earlier is not null)
                {
                    members.CompareWith(earlier, start);
                }

                return Task.CompletedTask;
            },
        };

    /// <summary>Null when there is none, or it cannot be read: then everything is compared by its content.</summary>
    private async Task<StoredBaseBackup?> OpenAsync(BaseBackupRow? previous, CancellationToken cancellation)
    {
        try
        {
            return previous is null ? null : await repository.FindBackupAsync(previous.Name, cancellation);
        }
        catch (Exception e) when (e is RepositoryDamagedException or StoreUnavailableException or StoreRefusedException)
        {
            return null;
        }
    }
}
