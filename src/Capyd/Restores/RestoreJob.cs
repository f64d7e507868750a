using System.Text.Json;
using Capyd.Archives;
using Capyd.Audit;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Previews;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;

namespace Capyd.Restores;

/// <summary>
/// Job: build the content in a fresh database, prove it, swap it in. The swap is the only step that touches what is live; a rerun
/// after it finds it done.
/// </summary>
internal sealed class RestoreJob(MetadataDatabase metadata, PostgresServer server, ArchiveStore archives, RestoreSwap swap, RestorePlaces places) : IJobHandler
{
    public const string JobType = "project.restore";

    public string Type => JobType;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var payload = Payload(job.Row);
        var place = places.Find(job.Row, payload.Target);
        var backup = metadata.Read(session => BackupStore.Find(session, BackupId.Parse(payload.BackupId))) ?? throw CapydException.NotFound("backup");
        var manifest = await archives.FindManifestAsync(backup.BackupKey, cancellation)
            ?? throw new CapydException(ErrorCode.BackupUnusable, $"{backup.BackupKey} is not in the repository");
        await EnsureBuiltAsync(job, place, manifest, backup, cancellation);
        job.Report("swap", 0.97);
        await swap.RunAsync(job, place);
        var result = JsonSerializer.Serialize(Result(manifest, place, job), RestoresJson.Default.RestoreResult);
        return new JobOutcome(tx => Finish(tx, job, place, manifest), result) { Afterwards = place.IsProject ? null : token => AnalyzeAsync(job, place, token) };
    }

    /// <summary>A build that an earlier run proved is known by the checkpoint; anything less is built anew.</summary>
    private async Task EnsureBuiltAsync(JobContext job, RestorePlace place, ArchiveManifest manifest, BackupRow backup, CancellationToken cancellation)
    {
        if (job.Row.CheckpointJson == Proven)
        {
            return;
        }

        await swap.EnsureRoleAsync(place, cancellation);
        var sameProject = place.IsProject && backup.ProjectId == job.Row.ProjectId;
        var plan = new BuildPlan(place.Role.Name, place.Settings(manifest.Inventory), KeepPrivileges: sameProject, Analyze: place.IsProject);
        var differences = await swap.Builds.BuildAsync(job, manifest, plan, (phase, done) => job.Report($"restore:{phase}", 0.95 * done), cancellation);
        if (differences.Count > 0)
        {
            await swap.Builds.DiscardAsync(job, CancellationToken.None);
            throw new CapydException(ErrorCode.BackupUnusable, $"the restored copy is not what was dumped, so nothing was replaced: {Differences.Describe(differences)}");
        }

        FaultPoint.Reach("restore.before_checkpoint");
        await job.CheckpointAsync(Proven);
        FaultPoint.Reach("restore.after_checkpoint");
    }

    private const string Proven = """{"proven":true}""";

    private void Finish(MetadataTransaction tx, JobContext job, RestorePlace place, ArchiveManifest manifest)
    {
        var now = job.Clock.GetUtcNow();
        places.Finish(tx, job.Row, place, new RestoredFrom(PreviewSources.Backup, manifest.BackupKey, null), now);
        AuditTrail.AppendSystem(tx, job.Row.OrganizationId, "restore.completed", job.Row.ProjectId, now, new AuditDetail(JobId: job.Row.Id.ToString(), BackupKey: manifest.BackupKey));
    }

    /// <summary>A preview may be used while its statistics are gathered; a project gets them before it is swapped in.</summary>
    private Task AnalyzeAsync(JobContext job, RestorePlace place, CancellationToken cancellation) =>
        server.Capabilities.Archives.AnalyzeAsync(place.Database, place.Role.Name, place.Role.Password, job.ApplicationName, cancellation);

    private RestoreResult Result(ArchiveManifest manifest, RestorePlace place, JobContext job) => new(
        manifest.BackupKey, place.Database.ToString(), manifest.Inventory.Relations.Count, manifest.Inventory.Relations.Sum(relation => relation.Rows),
        place.KeepsReplaced ? places.UndoUntil(job.Clock.GetUtcNow()) : null);

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) => RestorePlaces.Fail(tx, job, Payload(job).Target, error, at);

    private static RestorePayload Payload(JobRow job) => JsonSerializer.Deserialize(job.PayloadJson, RestoresJson.Default.RestorePayload)!;
}
