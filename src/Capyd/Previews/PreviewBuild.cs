using System.Text.Json;
using Capyd.Archives;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>
/// Fills a preview in a fresh database, and puts that in its place when it is whole. That is the only step that touches what is
/// there already; a rerun after it finds it done.
/// </summary>
internal sealed class PreviewBuild(MetadataDatabase metadata, PostgresServer server, PreviewContent content, ProvenBuild builds)
{
    /// <param name="state">Of the preview while the job is under way.</param>
    public async Task<JobOutcome> RunAsync(JobContext job, string state, CancellationToken cancellation)
    {
        var preview = metadata.Read(session => PreviewStore.FindLive(session, job.Preview)) ?? throw CapydException.NotFound("preview");
        var result = job.Row.CheckpointJson ?? await FillAsync(job, preview, cancellation);
        job.Report("swap", 0.97);
        await PlaceAsync(job, DatabaseName.Parse(preview.DatabaseName));
        FaultPoint.Reach("preview.after_place");
        await builds.DiscardAsync(job, CancellationToken.None);
        FaultPoint.Reach("preview.after_discard");
        return new JobOutcome(tx => PreviewStore.SetState(tx, preview.Id, [state], "ready", null, job.Clock.GetUtcNow()), result);
    }

    /// <returns>The result as JSON; kept as the checkpoint, which says that the build is whole.</returns>
    private async Task<string> FillAsync(JobContext job, PreviewRow preview, CancellationToken cancellation)
    {
        await builds.DiscardAsync(job, cancellation);
        try
        {
            var filled = JsonSerializer.Serialize(await content.FillAsync(job, preview, cancellation), PreviewsJson.Default.PreviewResult);
            FaultPoint.Reach("preview.after_fill");
            await job.CheckpointAsync(filled);
            FaultPoint.Reach("preview.after_checkpoint");
            return filled;
        }
        catch
        {
            await builds.DiscardAfterFailureAsync(job);
            throw;
        }
    }

    private async Task PlaceAsync(JobContext job, DatabaseName live)
    {
        var databases = server.Capabilities.Databases;
        await FinishedBuild.PlaceAsync(databases, job.Row.Id, live);
        FaultPoint.Reach("preview_reset.after_swap");
        await databases.DropAsync(WorkNames.Parked(job.Row.Id), CancellationToken.None);
    }
}
