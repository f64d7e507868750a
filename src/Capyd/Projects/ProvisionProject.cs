using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;
using Capyd.Storage.Secrets;

namespace Capyd.Projects;

/// <summary>Job: the role, the database and its default extensions. Each step finds what an earlier run left.</summary>
internal sealed class ProvisionProject(MetadataDatabase metadata, PostgresServer server, SecretBox secrets, CapydOptions options) : IJobHandler
{
    public const string JobType = "project.provision";

    public string Type => JobType;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var project = ProjectJobs.Of(metadata, job);
        var postgres = server.Capabilities;
        job.Report("role", 0.1);
        await postgres.Roles.EnsureAsync(ProjectDatabase.Role(project, secrets), cancellation);
        FaultPoint.Reach("provision.after_role");
        job.Report("database", 0.3);
        await postgres.Databases.ProvisionAsync(ProjectDatabase.Spec(project), cancellation);
        FaultPoint.Reach("provision.after_database");
        job.Report("extensions", 0.8);
        await postgres.Databases.EnsureExtensionsAsync(ProjectDatabase.Spec(project).Name, options.DefaultExtensions, cancellation);
        FaultPoint.Reach("provision.after_extensions");
        var major = server.Facts?.Major.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new JobOutcome(tx =>
        {
            ProjectStore.SetPostgresVersion(tx, project.Id, major ?? project.PostgresVersion!, job.Clock.GetUtcNow());
            ProjectJobs.Move(tx, project.Id, ["provisioning"], "ready", null, job.Clock.GetUtcNow());
        });
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) =>
        ProjectJobs.Move(tx, job.ProjectId!.Value, ["provisioning"], "failed", error, at);
}
