using Capyd.Archives;
using Capyd.Audit;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Projects;
using Capyd.Restores;
using Capyd.Storage.Projects;
using Capyd.Storage.Uploads;

namespace Capyd.Imports;

/// <summary>Last step: the new database under the live name, the replaced one kept for undo.</summary>
internal sealed class SwapImport(PostgresServer server, ProvenBuild builds, RestorePlaces parking)
{
    /// <summary>The only step that touches what is live.</summary>
    public async Task RunAsync(JobContext job, ProjectRow project)
    {
        job.Report("import:swap", 0.97);
        await FinishedBuild.SwapInAsync(server.Capabilities.Databases, job.Row.Id, DatabaseName.Parse(project.DatabaseName));
        FaultPoint.Reach("import.after_rename");
        await builds.DiscardAsync(job, CancellationToken.None);
    }

    /// <summary>Removes a build that will not be swapped in.</summary>
    public Task GiveUpAsync(JobContext job) => builds.DiscardAsync(job, CancellationToken.None);

    public DateTimeOffset UndoUntil(JobContext job) => parking.UndoUntil(job.Clock.GetUtcNow());

    /// <summary>Committed with the end of the job.</summary>
    public void Finish(MetadataTransaction tx, JobContext job, ImportPayload payload)
    {
        var now = job.Clock.GetUtcNow();
        parking.Park(tx, job.Row, now);
        ProjectJobs.Move(tx, job.Project, ["importing"], "ready", null, now);
        if (payload.UploadId is { } upload)
        {
            UploadStore.Expire(tx, UploadId.Parse(upload), now);
        }

        AuditTrail.AppendSystem(tx, job.Row.OrganizationId, "import.completed", job.Project, now, new AuditDetail(JobId: job.Row.Id.ToString()));
    }
}
