using Capyd.Auth;
using Capyd.Projects;
using Capyd.Storage.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Jobs;

/// <summary>Contract C.5, and two of capyd's own: cancel, and progress as server-sent events.</summary>
internal static class JobEndpoints
{
    private const int MostListed = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/jobs/{jobId}", Get).RequireScope(Scopes.JobsRead).WithName("getJob").WithTags("jobs");
        routes.MapGet("/v1/projects/{projectId}/jobs", List).RequireScope(Scopes.JobsRead).WithName("listJobs").WithTags("jobs");
        routes.MapPost("/v1/jobs/{jobId}/cancel", Cancel).RequireScope(Scopes.ProjectsWrite).WithName("cancelJob").WithTags("jobs");
        routes.MapGet("/v1/jobs/{jobId}/events", JobEvents.StreamAsync).RequireScope(Scopes.JobsRead).WithName("watchJob").WithTags("jobs")
            .Produces(200, contentType: "text/event-stream");
    }

    /// <summary>A job of the caller's organisation, and of its project when it is bound to one; any other looks missing.</summary>
    public static JobRow Find(MetadataSession session, Principal principal, string jobId)
    {
        var row = JobId.TryParse(jobId, out var id) ? JobStore.Find(session, id) : null;
        var visible = row is not null && row.OrganizationId == principal.Organization && (principal.Project is null || principal.Project == row.ProjectId);
        return visible ? row! : throw CapydException.NotFound("job");
    }

    private static Ok<JobEnvelope> Get(HttpContext context, string jobId, MetadataDatabase metadata, JobPresenter presenter) =>
        TypedResults.Ok(presenter.Envelope(metadata.Read(session => Find(session, Principal.Of(context), jobId))));

    private static Ok<JobsBody> List(HttpContext context, string projectId, int? limit, MetadataDatabase metadata, JobPresenter presenter)
    {
        var rows = metadata.Read(session =>
        {
            var project = ProjectAccess.Find(session, Principal.Of(context), projectId);
            return JobStore.ListByProject(session, project.Id, Math.Clamp(limit ?? 25, 1, MostListed));
        });
        return TypedResults.Ok(new JobsBody(rows.Select(presenter.Present).ToList()));
    }

    private static async Task<Accepted<JobEnvelope>> Cancel(HttpContext context, string jobId, CancelJob cancel, JobPresenter presenter)
    {
        var row = await cancel.RunAsync(Principal.Of(context), jobId, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{row.Id}", presenter.Envelope(row));
    }
}
