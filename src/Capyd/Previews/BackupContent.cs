using Capyd.Archives;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;

namespace Capyd.Previews;

/// <summary>The backup that a preview came from, as its content once more; proven like any restore.</summary>
internal sealed class BackupContent(ArchiveStore archives, ProvenBuild builds)
{
    private const double Share = 0.95;

    public async Task<PreviewResult> FillAsync(
        JobContext job, string backupKey, RoleName owner, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var manifest = await archives.FindManifestAsync(backupKey, cancellation)
            ?? throw new CapydException(ErrorCode.BackupUnusable, $"{backupKey} is not in the repository");
        var plan = new BuildPlan(owner, BuildPlan.Over(manifest.Inventory, settings), KeepPrivileges: false, Analyze: true);
        var differences = await builds.BuildAsync(job, manifest, plan, (phase, done) => job.Report($"restore:{phase}", Share * done), cancellation);
        return differences.Count == 0
            ? new PreviewResult("backup", "it came from this backup", manifest.Inventory.Relations.Count, manifest.Inventory.Relations.Sum(relation => relation.Rows))
            : throw new CapydException(ErrorCode.BackupUnusable, $"the restored copy is not what was dumped, so nothing was replaced: {Differences.Describe(differences)}");
    }
}
