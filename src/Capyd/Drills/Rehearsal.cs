using Capyd.Archives;
using Capyd.Jobs;
using Capyd.Postgres.Clones;
using Capyd.Postgres.Cluster;
using Capyd.Recovery;
using Capyd.Storage.Projects;

namespace Capyd.Drills;

/// <summary>A restore to a moment, step by step the real one, up to the point at which the copy would be put in place.</summary>
internal sealed class Rehearsal(RecoveryRun recovery, RecoveryExtraction extraction, RecoveredChecks checks, ProvenBuild builds)
{
    private const double RecoveryShare = 0.5;
    private const double CopyShare = 0.8;

    /// <exception cref="CapydException">The moment was not reached, or what came out is not whole.</exception>
    public async Task<RehearsalResult> RunAsync(JobContext job, ProjectRow project, DrillTarget target, CancellationToken cancellation)
    {
        await builds.DiscardAsync(job, cancellation);
        try
        {
            var result = await RecoverAndCheckAsync(job, project, target, cancellation);
            await builds.DiscardAsync(job, CancellationToken.None);
            return result;
        }
        catch
        {
            await builds.DiscardAfterFailureAsync(job);
            throw;
        }
    }

    private async Task<RehearsalResult> RecoverAndCheckAsync(JobContext job, ProjectRow project, DrillTarget target, CancellationToken cancellation)
    {
        var began = job.Clock.GetTimestamp();
        await using var recovered = await recovery.RunAsync(
            job, target.Plan, DatabaseName.Parse(project.DatabaseName), (phase, done) => job.Report(phase, RecoveryShare * done), cancellation);
        var recoveredAfter = job.Clock.GetElapsedTime(began);
        FaultPoint.Reach("drill.after_recovery");
        var copy = await CopyAsync(job, project, recovered, cancellation);
        var usableAfter = job.Clock.GetElapsedTime(began);
        FaultPoint.Reach("drill.after_copy");
        job.Report("check", CopyShare);
        var compared = target.Proof is { } proof && await checks.RequireSameAsync(job, recovered, proof, cancellation);
        await checks.RequireSoundAsync(job, recovered, cancellation);
        return new RehearsalResult(recoveredAfter, usableAfter, copy.Relations, copy.Rows, compared);
    }

    /// <summary>With the grants of the original, as when the project itself is restored.</summary>
    private Task<CloneResult> CopyAsync(JobContext job, ProjectRow project, RecoveredDatabase recovered, CancellationToken cancellation) => extraction.RunAsync(
        job, recovered, (RoleName.Parse(project.RoleName), new Dictionary<string, string>(), KeepPrivileges: true),
        (phase, done) => job.Report(phase, RecoveryShare + ((CopyShare - RecoveryShare) * done)), cancellation);
}
