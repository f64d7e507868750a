using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>Accepts a new preview: its row, the job that fills it and the audit row, in one transaction.</summary>
internal sealed class CreatePreview(JobQueue queue, PreviewPlan plan)
{
    public Task<(PreviewRow Preview, JobRow Job)> RunAsync(
        Principal principal, string projectId, CreatePreviewRequest? request, CancellationToken cancellation)
    {
        var mode = PreviewSources.Mode(request?.Mode);
        var hours = PreviewPlan.TtlHours(request?.TtlHours);
        return queue.AcceptAsync((tx, now) => Accept(tx, principal, projectId, (request?.Name, mode, hours), now), cancellation);
    }

    private (PreviewRow, JobRow) Accept(
        MetadataTransaction tx, Principal principal, string projectId, (string? Name, string Mode, int Hours) asked, DateTimeOffset now)
    {
        var project = ProjectAccess.FindReady(tx, principal, projectId);
        var clones = asked.Mode == PreviewSources.Clone;
        var preview = plan.NewRow(tx, project, asked.Name, asked.Hours, now) with
        {
            Mode = asked.Mode, SourceKind = clones ? PreviewSources.Database : null, SourceDatabase = clones ? project.DatabaseName : null,
        };
        PreviewStore.Insert(tx, preview);
        var job = queue.Enqueue(tx, PreviewPlan.Job(CreatePreviewJob.JobType, preview), now);
        AuditTrail.Append(
            tx, principal, "preview.created", project.Id, now, new AuditDetail(JobId: job.Id.ToString(), PreviewId: preview.Id.ToString(), Name: preview.Name));
        return (preview, job);
    }
}
