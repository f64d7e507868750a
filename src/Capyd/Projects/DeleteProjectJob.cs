using System.Text.Json;
using System.Text.Json.Serialization;
using Capyd.Backups;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Parked;
using Capyd.Storage.Previews;
using Capyd.Storage.Projects;
using Capyd.Storage.RestorePoints;

namespace Capyd.Projects;

/// <param name="FinalBackupId">The last backup, taken and proven before anything is removed; null when it was waived.</param>
/// <param name="StateBefore">Where the project returns to when that backup cannot be taken.</param>
internal sealed record DeletePayload(string? FinalBackupId, string StateBefore);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DeletePayload))]
internal sealed partial class DeleteJson : JsonSerializerContext;

/// <summary>Job: a last proven backup, then previews, parked databases, the database and the role. Backups stay until their time.</summary>
internal sealed class DeleteProjectJob(MetadataDatabase metadata, PostgresServer server, BackupPipeline pipeline) : IJobHandler
{
    public const string JobType = "project.delete";

    public string Type => JobType;

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var project = ProjectJobs.Of(metadata, job);
        var databases = server.Capabilities.Databases;
        await TakeFinalBackupAsync(job, project, cancellation);
        FaultPoint.Reach("delete.after_backup");
        job.Report("drop", 0.9);
        var previews = metadata.Read(session => PreviewStore.ListLive(session, project.Id));
        var parked = metadata.Read(ParkedDatabaseStore.List).Where(row => row.ProjectId == project.Id).ToList();
        foreach (var name in previews.Select(row => row.DatabaseName).Concat(parked.Select(row => row.DatabaseName)).Append(project.DatabaseName))
        {
            await databases.DropAsync(DatabaseName.Parse(name), CancellationToken.None);
        }

        FaultPoint.Reach("delete.after_databases");
        foreach (var role in previews.Select(row => row.RoleName).Append(project.RoleName))
        {
            await server.Capabilities.Roles.DropAsync(RoleName.Parse(role), CancellationToken.None);
        }

        FaultPoint.Reach("delete.after_roles");
        return new JobOutcome(tx => Forget(tx, project, previews, parked, job.Clock.GetUtcNow()));
    }

    private async Task TakeFinalBackupAsync(JobContext job, ProjectRow project, CancellationToken cancellation)
    {
        var backup = Payload(job.Row).FinalBackupId is { } id ? metadata.Read(session => BackupStore.Find(session, BackupId.Parse(id))) : null;
        if (backup is not null && backup.VerificationState != "verified")
        {
            await pipeline.RunAsync(job, project, backup, cancellation);
        }
    }

    private static void Forget(
        MetadataTransaction tx, ProjectRow project, IReadOnlyList<PreviewRow> previews, IReadOnlyList<ParkedDatabaseRow> parked, DateTimeOffset now)
    {
        foreach (var preview in previews)
        {
            PreviewStore.MarkDeleted(tx, preview.Id, now);
        }

        foreach (var row in parked)
        {
            ParkedDatabaseStore.Delete(tx, row.Id);
        }

        RestorePointStore.DeleteByProject(tx, project.Id);
        ProjectStore.MarkDeleted(tx, project.Id, now);
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at)
    {
        var payload = Payload(job);
        if (payload.FinalBackupId is { } id && BackupStore.Find(tx, BackupId.Parse(id)) is { VerificationState: not "verified" } backup)
        {
            BackupStore.SetState(tx, backup.Id, ["running"], "failed", at);
            ProjectJobs.Move(tx, job.ProjectId!.Value, ["deleting"], payload.StateBefore, $"not deleted, because its last backup failed: {error}", at);
            return;
        }

        ProjectJobs.Move(tx, job.ProjectId!.Value, ["deleting"], "failed", $"deleting it failed half way: {error}", at);
    }

    private static DeletePayload Payload(JobRow job) => JsonSerializer.Deserialize(job.PayloadJson, DeleteJson.Default.DeletePayload)!;
}
