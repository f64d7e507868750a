using Capyd.Audit;
using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;
using Capyd.Storage.Secrets;

namespace Capyd.Projects;

/// <summary>
/// A new password under the same name. It is sealed in the metadata before the server learns it, so a crash in between loses
/// neither; open sessions go on (contract D.9).
/// </summary>
internal sealed class RotateCredentials(MetadataDatabase metadata, JobQueue queue, SecretBox secrets, PostgresServer server) : IJobHandler
{
    private const int MostGraceHours = 720;

    public string Type => "project.rotate_credentials";

    public Task<JobRow> AcceptAsync(Principal principal, string projectId, RotateCredentialsRequest? request, CancellationToken cancellation)
    {
        if (request?.GraceHours is { } hours and not 0)
        {
            throw CapydException.Invalid(
                hours is < 0 or > MostGraceHours ? $"grace_hours: wants 0 to {MostGraceHours}" : "grace_hours: this server rotates without a grace period",
                "open sessions go on; leave grace_hours out and hand the new password to the applications");
        }

        return queue.AcceptAsync((tx, now) => Accept(tx, principal, projectId, now), cancellation);
    }

    private JobRow Accept(MetadataTransaction tx, Principal principal, string projectId, DateTimeOffset now)
    {
        var project = ProjectAccess.FindReady(tx, principal, projectId);
        var job = ProjectJobs.Enqueue(tx, queue, project, Type, now);
        ProjectStore.SetPendingPassword(tx, project.Id, secrets.Seal(Password.Random().Value, project.Id.ToString()));
        ProjectJobs.Move(tx, project.Id, ["ready"], "rotating_credentials", null, now);
        AuditTrail.Append(tx, principal, "project.credentials_rotated", project.Id, now, new AuditDetail(JobId: job.Id.ToString()));
        return job;
    }

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var project = ProjectJobs.Of(metadata, job);
        var next = project.PendingPasswordSealed ?? throw new InvalidOperationException("the new password is not there");
        job.Report("password", 0.5);
        await server.Capabilities.Roles.SetPasswordAsync(
            RoleName.Parse(project.RoleName), new Password(secrets.Unseal(next, project.Id.ToString())), cancellation);
        FaultPoint.Reach("rotate.after_password");
        return new JobOutcome(tx =>
        {
            ProjectStore.SetPassword(tx, project.Id, next, job.Clock.GetUtcNow());
            ProjectStore.SetPendingPassword(tx, project.Id, null);
            ProjectJobs.Move(tx, project.Id, ["rotating_credentials"], "ready", null, job.Clock.GetUtcNow());
        });
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at)
    {
        ProjectStore.SetPendingPassword(tx, job.ProjectId!.Value, null);
        ProjectJobs.Move(tx, job.ProjectId!.Value, ["rotating_credentials"], "ready", error, at);
    }
}
