using Capyd.Archives;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Dumps;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Backups;

/// <summary>Dump, publish, prove: the steps of each backup, also of the last one before a project is deleted.</summary>
internal sealed class BackupPipeline(MetadataDatabase metadata, PostgresServer server, ArchiveStore archives, ProvenBuild builds, CapydOptions options)
{
    private const double DumpShare = 0.45;

    /// <summary>Takes the backup as far as it is not taken yet, and proves it. Fails when the proof does.</summary>
    public async Task RunAsync(JobContext job, ProjectRow project, BackupRow backup, CancellationToken cancellation)
    {
        var manifest = await DumpAsync(job, project, backup, cancellation);
        FaultPoint.Reach("backup.after_publish");
        await VerifyAsync(job, backup, manifest, cancellation);
    }

    /// <summary>An archive with its manifest is adopted; one without is what a crash left, and is taken anew.</summary>
    private async Task<ArchiveManifest> DumpAsync(JobContext job, ProjectRow project, BackupRow backup, CancellationToken cancellation)
    {
        if (await archives.FindManifestAsync(backup.BackupKey, cancellation) is not { } manifest)
        {
            await archives.DeleteAsync(backup.BackupKey, cancellation);
            manifest = await TakeAsync(job, project, backup, cancellation);
        }

        FaultPoint.Reach("backup.after_manifest");
        await metadata.WriteAsync(tx => { BackupStore.Publish(tx, backup.Id, manifest.SizeBytes, manifest.Sha256, job.Clock.GetUtcNow()); }, CancellationToken.None);
        return manifest;
    }

    private async Task<ArchiveManifest> TakeAsync(JobContext job, ProjectRow project, BackupRow backup, CancellationToken cancellation)
    {
        Inventory? inventory = null;
        job.Report("dump", 0);
        var archive = await archives.WriteAsync(
            backup.BackupKey,
            async (consume, token) => inventory = await server.Capabilities.Dumps.RunAsync(Request(job, project, consume), token),
            cancellation);
        FaultPoint.Reach("backup.after_archive");
        return await archives.PublishAsync(project, backup, archive, inventory!, cancellation);
    }

    private DumpRequest Request(JobContext job, ProjectRow project, Func<DumpedArchive, CancellationToken, Task> consume) => new(
        Postgres.Cluster.DatabaseName.Parse(project.DatabaseName), job.ApplicationName, consume,
        progress => job.Report("dump", DumpShare * progress.Fraction), job.Record)
    {
        ParallelWorkers = options.Backups.HashWorkers,
    };

    private async Task VerifyAsync(JobContext job, BackupRow backup, ArchiveManifest manifest, CancellationToken cancellation)
    {
        var problem = await FindProblemAsync(job, manifest, cancellation);
        await builds.DiscardAsync(job, CancellationToken.None);
        var now = job.Clock.GetUtcNow();
        await metadata.WriteAsync(tx => { BackupStore.SetVerification(tx, backup.Id, problem is null ? "verified" : "failed", problem, now); }, CancellationToken.None);
        FaultPoint.Reach("backup.after_verification");
        if (problem is not null)
        {
            throw new CapydException(ErrorCode.BackupUnusable, $"the backup was taken, but restoring it did not give back what was dumped: {problem}");
        }
    }

    /// <summary>Null when the restored copy equals what was dumped. A failure that may pass is no verdict and is thrown.</summary>
    private async Task<string?> FindProblemAsync(JobContext job, ArchiveManifest manifest, CancellationToken cancellation)
    {
        try
        {
            var plan = new BuildPlan(null, new Dictionary<string, string>(), KeepPrivileges: false, Analyze: false);
            var differences = await builds.BuildAsync(
                job, manifest, plan, (phase, done) => job.Report($"verify:{phase}", DumpShare + ((1 - DumpShare) * done)), cancellation);
            return differences.Count == 0 ? null : Differences.Describe(differences);
        }
        catch (Exception e) when (e is not OperationCanceledException && IsVerdict(e))
        {
            return e.Message;
        }
    }

    private static bool IsVerdict(Exception e) => e is InvalidDataException || JobFailure.Of(e).Classification == RetryClassifications.Permanent;
}
