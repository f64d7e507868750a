using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;
using Capyd.Storage.Projects;

namespace Capyd.Webhooks;

/// <summary>Turns the end of each job into events.</summary>
internal sealed class EventsOfJobs(WebhookOutbox outbox, JobPresenter jobs, ProjectPresenter projects) : IJobEndObserver
{
    public void Ended(MetadataTransaction tx, JobRow job, string? error, DateTimeOffset at)
    {
        if (WebhookOutbox.Listeners(tx, job.OrganizationId) is not { Count: > 0 } listeners)
        {
            return;
        }

        var data = About(tx, job);
        outbox.Write(tx, listeners, error is null ? EventTypes.JobCompleted : EventTypes.JobFailed, data, at);
        foreach (var type in error is null ? Achieved(job) : [])
        {
            outbox.Write(tx, listeners, type, data, at);
        }
    }

    /// <summary>What a completed job of this type means beside its own end.</summary>
    public static IReadOnlyList<string> Achieved(JobRow job) => job.Type switch
    {
        "project.provision" => [EventTypes.ProjectReady],
        "project.delete" => [EventTypes.ProjectDeleted],
        "project.backup" => [EventTypes.BackupCompleted],
        "project.restore" or "preview.restore" or "instance.pitr_restore" when job.PreviewId is not null => [EventTypes.RestoreCompleted, EventTypes.PreviewReady],
        "project.restore" or "instance.pitr_restore" => [EventTypes.RestoreCompleted],
        "project.import" => [EventTypes.ImportCompleted],
        "project.rotate_credentials" => [EventTypes.CredentialsRotated],
        "preview.create" or "preview.reset" => [EventTypes.PreviewReady],
        "preview.delete" => [EventTypes.PreviewDeleted],
        _ => [],
    };

    /// <summary>The job and what it was about, as they stand at the end of this transaction. The output of tools stays behind.</summary>
    private EventData About(MetadataTransaction tx, JobRow job)
    {
        var ended = jobs.Present(JobStore.Find(tx, job.Id)!) with { LastStdout = null, LastStderr = null };
        var project = job.ProjectId is { } id && ProjectStore.Find(tx, id) is { } row ? projects.Present(row) : null;
        var preview = job.PreviewId is { } previewId && PreviewStore.Find(tx, previewId) is { } previewRow ? Present(previewRow) : null;
        var backup = BackupStore.FindByJob(tx, job.Id) is { } backupRow ? Present(backupRow) : null;
        return new EventData(ended, project, preview, backup);
    }

    private static EventPreview Present(PreviewRow row) => new(
        row.Id.ToString(), row.ProjectId.ToString(), row.Name, row.Mode, row.State, row.DatabaseName, row.TtlExpiresAt, row.LastError, row.CreatedAt,
        row.UpdatedAt);

    private static EventBackup Present(BackupRow row) => new(
        row.Id.ToString(), row.ProjectId.ToString(), row.BackupKey, row.Label, row.SizeBytes, row.Sha256, row.State, row.VerificationState,
        row.VerifiedAt, row.CreatedAt);
}
