using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Jobs;
using Capyd.Storage.Parked;
using Capyd.Storage.Projects;

namespace Capyd.Restores;

/// <summary>Job: drops replaced databases whose time for undo is over; alone on its project, so that no undo is under way.</summary>
internal sealed class ExpireParked(MetadataDatabase metadata, JobQueue queue, PostgresServer server, TimeProvider clock) : IJobHandler, IDueWork
{
    public string Name => "undo times";

    public string Type => "project.parked_expire";

    public async Task TickAsync(CancellationToken stopping)
    {
        var projects = metadata.Read(session => ParkedDatabaseStore.ListExpired(session, clock.GetUtcNow())).Select(row => row.ProjectId).OfType<ProjectId>().Distinct();
        foreach (var project in projects)
        {
            await queue.AcceptAsync((tx, now) => Enqueue(tx, project, now), stopping);
        }
    }

    private JobRow? Enqueue(MetadataTransaction tx, ProjectId id, DateTimeOffset now)
    {
        var project = ProjectStore.FindLive(tx, id);
        return project is null || JobStore.HasConflict(tx, JobQueue.ProjectLock(id), "exclusive")
            ? null
            : queue.Enqueue(tx, new NewJob(Type, project.OrganizationId) { Project = id, LockedResource = JobQueue.ProjectLock(id) }, now);
    }

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var due = metadata.Read(session => ParkedDatabaseStore.ListExpired(session, clock.GetUtcNow())).Where(row => row.ProjectId == job.Project).ToList();
        foreach (var row in due)
        {
            await server.Capabilities.Databases.DropAsync(DatabaseName.Parse(row.DatabaseName), cancellation);
        }

        return new JobOutcome(tx => due.ForEach(row => ParkedDatabaseStore.Delete(tx, row.Id)));
    }

    /// <summary>The rows stay, so the next tick tries again.</summary>
    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at)
    {
    }
}
