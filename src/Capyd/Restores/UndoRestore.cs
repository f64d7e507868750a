using System.Text.Json;
using System.Text.Json.Serialization;
using Capyd.Archives;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Projects;
using Capyd.Storage.Jobs;
using Capyd.Storage.Parked;
using Capyd.Storage.Projects;

namespace Capyd.Restores;

internal sealed record UndoPayload(string ParkedId, string ParkedName);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UndoPayload))]
internal sealed partial class UndoJson : JsonSerializerContext;

/// <summary>Brings back the database that the last restore of a project replaced; what it replaces now is parked in its turn.</summary>
internal sealed class UndoRestore(MetadataDatabase metadata, JobQueue queue, PostgresServer server, RestorePlaces places) : IJobHandler
{
    public string Type => "project.restore_undo";

    public Task<JobRow> AcceptAsync(Principal principal, string projectId, CancellationToken cancellation)
    {
        principal.RequireOrganizationWide();
        return queue.AcceptAsync((tx, now) => Accept(tx, principal, projectId, now), cancellation);
    }

    private JobRow Accept(MetadataTransaction tx, Principal principal, string projectId, DateTimeOffset now)
    {
        var project = ProjectAccess.FindReady(tx, principal, projectId);
        var parked = ParkedDatabaseStore.FindNewestForProject(tx, project.Id)
            ?? throw new CapydException(ErrorCode.WrongState, "there is no restore to undo", "a replaced database is kept for restore.undo_hours");
        var payload = JsonSerializer.Serialize(new UndoPayload(parked.Id.ToString(), parked.DatabaseName), UndoJson.Default.UndoPayload);
        var job = ProjectJobs.Enqueue(tx, queue, project, Type, now, payload);
        ProjectJobs.Move(tx, project.Id, ["ready"], "restoring", null, now);
        AuditTrail.Append(tx, principal, "restore.undone", project.Id, now, new AuditDetail(JobId: job.Id.ToString()));
        return job;
    }

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var project = ProjectJobs.Of(metadata, job);
        var payload = JsonSerializer.Deserialize(job.Row.PayloadJson, UndoJson.Default.UndoPayload)!;
        job.Report("swap", 0.5);
        await server.Capabilities.Databases.SwapAsync(
            DatabaseName.Parse(project.DatabaseName), DatabaseName.Parse(payload.ParkedName), WorkNames.Parked(job.Row.Id), CancellationToken.None);
        FaultPoint.Reach("undo.after_swap");
        return new JobOutcome(tx =>
        {
            ParkedDatabaseStore.Delete(tx, ParkedDatabaseId.Parse(payload.ParkedId));
            places.Park(tx, job.Row, job.Clock.GetUtcNow());
            ProjectJobs.Move(tx, project.Id, ["restoring"], "ready", null, job.Clock.GetUtcNow());
        });
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) =>
        ProjectStore.SetState(tx, job.ProjectId!.Value, ["restoring"], "ready", $"undo failed: {error}", at);
}
