using System.Text.Json;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Extensions;
using Capyd.Projects;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Extensions;

/// <summary>Job: changes one extension of a project's database. A rerun finds it changed and has nothing to do.</summary>
internal abstract class ExtensionJob(MetadataDatabase metadata, PostgresServer server) : IJobHandler
{
    public abstract string Type { get; }

    protected abstract Task ChangeAsync(ExtensionAdmin extensions, ExtensionWork work, CancellationToken cancellation);

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var project = ProjectJobs.Of(metadata, job);
        var name = JsonSerializer.Deserialize(job.Row.PayloadJson, ExtensionsJson.Default.ExtensionPayload)!.Name;
        job.Report("extension", 0.1);
        FaultPoint.Reach("extension.before_change");
        var work = new ExtensionWork(
            DatabaseName.Parse(project.DatabaseName), name, job.ApplicationName, static () => FaultPoint.Reach("extension_closed.before_create"));
        await ChangeOrReopenAsync(work, cancellation);
        FaultPoint.Reach("extension.after_change");
        return new JobOutcome(tx => ProjectStore.SetState(tx, project.Id, ["ready"], "ready", null, job.Clock.GetUtcNow()));
    }

    /// <summary>No failure ends this job with the database closed: a server that went away is waited for.</summary>
    private async Task ChangeOrReopenAsync(ExtensionWork work, CancellationToken cancellation)
    {
        try
        {
            await ChangeAsync(server.Capabilities.Extensions, work, cancellation);
        }
        catch (PostgresFailedException)
        {
            await server.WaitUntilAnsweringAsync(cancellation);
            await server.Capabilities.Databases.ReopenAsync(work.Database, cancellation);
            throw;
        }
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) =>
        ProjectStore.SetState(tx, job.ProjectId!.Value, ["ready"], "ready", error, at);
}
