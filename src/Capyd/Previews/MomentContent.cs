using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Projects;
using Capyd.Recovery;

namespace Capyd.Previews;

/// <summary>The project's database as it was at the moment that a preview shows, recovered once more.</summary>
internal sealed class MomentContent(MetadataDatabase metadata, RecoveryRun recovery, RecoveryExtraction extraction)
{
    private const double RecoveryShare = 0.55;
    private const double Share = 0.95;

    public async Task<PreviewResult> FillAsync(JobContext job, RoleName owner, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var plan = PlanOfJob.Read(job.Row) ?? throw new CapydException(ErrorCode.Internal, "the job does not say to which moment the preview goes back");
        var database = DatabaseName.Parse(ProjectJobs.Of(metadata, job).DatabaseName);
        await using var recovered = await recovery.RunAsync(job, plan, database, (phase, done) => job.Report(phase, RecoveryShare * done), cancellation);
        var copy = await extraction.RunAsync(
            job, recovered, (owner, settings, KeepPrivileges: false),
            (phase, done) => job.Report(phase, RecoveryShare + ((Share - RecoveryShare) * done)), cancellation);
        return new PreviewResult("recovery", "it shows a moment of the past", copy.Relations, copy.Rows);
    }
}
