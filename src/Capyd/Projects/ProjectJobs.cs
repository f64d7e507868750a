using Capyd.Jobs;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Projects;

internal static class ProjectJobs
{
    /// <summary>A lifecycle job of a project: alone on it, and remembered as its latest.</summary>
    public static JobRow Enqueue(MetadataTransaction tx, JobQueue queue, ProjectRow project, string type, DateTimeOffset now, string payload = "{}", byte[]? secret = null)
    {
        var job = queue.Enqueue(tx, new NewJob(type, project.OrganizationId)
        {
            Project = project.Id, LockedResource = JobQueue.ProjectLock(project.Id), PayloadJson = payload, SecretPayload = secret,
        }, now);
        ProjectStore.SetLatestJob(tx, project.Id, job.Id, now);
        return job;
    }

    /// <summary>The project of a job; it must still be there.</summary>
    public static ProjectRow Of(MetadataDatabase metadata, JobContext job) =>
        metadata.Read(session => ProjectStore.FindLive(session, job.Project)) ?? throw CapydException.NotFound("project");

    /// <summary>Moves the project on, or stops the transaction: a state that is not the expected one means that somebody else moved it.</summary>
    public static void Move(MetadataTransaction tx, ProjectId project, string[] expected, string next, string? error, DateTimeOffset now)
    {
        if (!ProjectStore.SetState(tx, project, expected, next, error, now))
        {
            throw new CapydException(ErrorCode.WrongState, $"project {project} is not {string.Join(" or ", expected)} any more");
        }
    }
}
