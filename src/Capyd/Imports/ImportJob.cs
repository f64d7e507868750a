using System.Text.Json;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Imports;

/// <summary>
/// Job: fetch or take the file, quarantine it, build it in a fresh database, prove it, swap it in. A failure before the swap
/// changes nothing; a rerun goes on behind the last stage that was reached.
/// </summary>
internal sealed class ImportJob(MetadataDatabase metadata, ImportTarget target, ImportSteps steps, ImportPlaces places, SwapImport swap) : IJobHandler
{
    public const string JobType = "project.import";

    public string Type => JobType;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var project = ProjectJobs.Of(metadata, job);
        var payload = JsonSerializer.Deserialize(job.Row.PayloadJson, ImportsJson.Default.ImportPayload)!;
        var wasProven = ImportCheckpoint.Of(job.Row).Stage == ImportCheckpoint.Proven;
        if (!wasProven)
        {
            await target.RequireConsentAsync(project, payload.Confirm, payload.Recreate, cancellation);
        }

        var result = await steps.ProveAsync(job, project, payload, places.Open(job.Row.Id), cancellation);
        if (!wasProven)
        {
            await RequireConsentStillAsync(job, project, payload);
        }

        FaultPoint.Reach("import.before_swap");
        await swap.RunAsync(job, project);
        places.Remove(job.Row.Id);
        FaultPoint.Reach("import.after_swap");
        var told = JsonSerializer.Serialize(result with { UndoUntil = swap.UndoUntil(job) }, ImportsJson.Default.ImportResult);
        return new JobOutcome(tx => swap.Finish(tx, job, payload), told);
    }

    /// <summary>The tenant's sessions were not kept out while the new database was built.</summary>
    private async Task RequireConsentStillAsync(JobContext job, ProjectRow project, ImportPayload payload)
    {
        try
        {
            await target.RequireConsentAsync(project, payload.Confirm, payload.Recreate, CancellationToken.None);
        }
        catch (CapydException)
        {
            await swap.GiveUpAsync(job);
            throw;
        }
    }

    /// <summary>The project is what it was.</summary>
    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) =>
        ProjectStore.SetState(tx, job.ProjectId!.Value, ["importing"], "ready", $"import failed: {error}", at);

    public void CleanUp(JobRow job) => places.Remove(job.Id);
}
