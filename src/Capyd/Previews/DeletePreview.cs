using Capyd.Audit;
using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>The end of a preview, asked for or because its time is over.</summary>
internal sealed class DeletePreview(MetadataDatabase metadata, JobQueue queue, PostgresServer server) : IJobHandler
{
    public string Type => "preview.delete";

    public Task<JobRow> AcceptAsync(Principal principal, string previewId, CancellationToken cancellation) =>
        queue.AcceptAsync((tx, now) =>
        {
            var preview = PreviewAccess.Find(tx, principal, previewId);
            var job = Enqueue(tx, preview, now);
            AuditTrail.Append(tx, principal, "preview.deleted", preview.ProjectId, now, new AuditDetail(JobId: job.Id.ToString(), PreviewId: preview.Id.ToString()));
            return job;
        }, cancellation);

    public JobRow Enqueue(MetadataTransaction tx, PreviewRow preview, DateTimeOffset now)
    {
        var job = queue.Enqueue(tx, PreviewPlan.Job(Type, preview), now);
        return PreviewStore.SetState(tx, preview.Id, ["ready", "failed"], "deleting", null, now) ? job : throw CapydException.Busy();
    }

    public async Task<JobOutcome> RunAsync(JobContext job, CancellationToken cancellation)
    {
        var preview = metadata.Read(session => PreviewStore.FindLive(session, job.Preview)) ?? throw CapydException.NotFound("preview");
        job.Report("drop", 0.3);
        await server.Capabilities.Databases.DropAsync(DatabaseName.Parse(preview.DatabaseName), cancellation);
        FaultPoint.Reach("preview_delete.after_database");
        await server.Capabilities.Roles.DropAsync(RoleName.Parse(preview.RoleName), cancellation);
        return new JobOutcome(tx => PreviewStore.MarkDeleted(tx, preview.Id, job.Clock.GetUtcNow()));
    }

    public void OnFailed(MetadataTransaction tx, JobRow job, string error, DateTimeOffset at) =>
        PreviewStore.SetState(tx, job.PreviewId!.Value, ["deleting"], "failed", error, at);
}
