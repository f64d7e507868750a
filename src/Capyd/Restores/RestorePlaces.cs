using Capyd.Archives;
using Capyd.Postgres.Cluster;
using Capyd.Previews;
using Capyd.Projects;
using Capyd.Storage.Jobs;
using Capyd.Storage.Parked;
using Capyd.Storage.Previews;
using Capyd.Storage.Projects;
using Capyd.Storage.Secrets;

namespace Capyd.Restores;

/// <summary>The rows behind a restore's place: found before it, moved on after it.</summary>
internal sealed class RestorePlaces(MetadataDatabase metadata, SecretBox secrets, PreviewPlan previews, CapydOptions options)
{
    public RestorePlace Find(JobRow job, string target) =>
        target == RestoreTarget.Project ? OfProject(job.ProjectId!.Value) : OfPreview(job.PreviewId!.Value);

    /// <summary>The live name, which the database of the project has had at every moment.</summary>
    public DatabaseName DatabaseOf(ProjectId id) =>
        DatabaseName.Parse((metadata.Read(session => ProjectStore.FindLive(session, id)) ?? throw CapydException.NotFound("project")).DatabaseName);

    public DateTimeOffset UndoUntil(DateTimeOffset now) => now.AddHours(options.Restore.UndoHours);

    private RestorePlace OfProject(ProjectId id)
    {
        var project = metadata.Read(session => ProjectStore.FindLive(session, id)) ?? throw CapydException.NotFound("project");
        return new RestorePlace(
            DatabaseName.Parse(project.DatabaseName), ProjectDatabase.Role(project, secrets), IsProject: true, KeepsReplaced: true,
            ProjectDatabase.Settings(project.StatementTimeout, project.IdleTransactionTimeout));
    }

    private RestorePlace OfPreview(PreviewId id)
    {
        var preview = metadata.Read(session => PreviewStore.FindLive(session, id)) ?? throw CapydException.NotFound("preview");
        return new RestorePlace(
            DatabaseName.Parse(preview.DatabaseName), previews.Role(preview), IsProject: false, KeepsReplaced: false,
            ProjectDatabase.Settings(options.Plan.StatementTimeout, options.Plan.IdleTransactionTimeout));
    }

    public void Finish(MetadataTransaction tx, JobRow job, RestorePlace place, RestoredFrom source, DateTimeOffset now)
    {
        if (!place.IsProject)
        {
            PreviewStore.SetSource(tx, job.PreviewId!.Value, source.Kind, source.BackupKey, now, source.RestoreTime);
            PreviewStore.SetState(tx, job.PreviewId.Value, ["provisioning", "restoring"], "ready", null, now);
            return;
        }

        Park(tx, job, now);
        ProjectJobs.Move(tx, job.ProjectId!.Value, ["restoring"], "ready", null, now);
    }

    /// <summary>Remembers the replaced database until its time for undo is over.</summary>
    public void Park(MetadataTransaction tx, JobRow job, DateTimeOffset now) => ParkedDatabaseStore.Insert(tx, new ParkedDatabaseRow
    {
        Id = ParkedDatabaseId.New(), ProjectId = job.ProjectId, DatabaseName = WorkNames.Parked(job.Id).ToString(), JobId = job.Id,
        ExpiresAt = UndoUntil(now), CreatedAt = now,
    });

    /// <summary>A restore that failed changed nothing: a project and an old preview are what they were; a new preview is failed.</summary>
    public static void Fail(MetadataTransaction tx, JobRow job, string target, string error, DateTimeOffset at)
    {
        if (target == RestoreTarget.Project)
        {
            ProjectStore.SetState(tx, job.ProjectId!.Value, ["restoring"], "ready", $"restore failed: {error}", at);
        }
        else
        {
            var after = target == RestoreTarget.Preview ? "ready" : "failed";
            PreviewStore.SetState(tx, job.PreviewId!.Value, ["provisioning", "restoring"], after, $"restore failed: {error}", at);
        }
    }
}
