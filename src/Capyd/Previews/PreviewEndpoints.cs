using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Previews;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Previews;

/// <summary>Contract C.2, and a GET for one preview as capyd's own.</summary>
internal static class PreviewEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/projects/{projectId}/preview-databases", List).RequireScope(Scopes.ProjectsRead).WithName("listPreviewDatabases").WithTags("previews");
        routes.MapPost("/v1/projects/{projectId}/preview-databases", CreateAsync).RequireScope(Scopes.ProjectsWrite).WithName("createPreviewDatabase").WithTags("previews");
        routes.MapGet("/v1/preview-databases/{previewId}", Get).RequireScope(Scopes.ProjectsRead).WithName("getPreviewDatabase").WithTags("previews");
        routes.MapDelete("/v1/preview-databases/{previewId}", DeleteAsync).RequireScope(Scopes.ProjectsWrite).WithName("deletePreviewDatabase").WithTags("previews");
        routes.MapPost("/v1/preview-databases/{previewId}/reset", ResetAsync).RequireScope(Scopes.ProjectsWrite).WithName("resetPreviewDatabase").WithTags("previews");
        routes.MapPost("/v1/preview-databases/{previewId}/extend", ExtendAsync).RequireScope(Scopes.ProjectsWrite).WithName("extendPreviewDatabase").WithTags("previews");
        routes.MapGet("/v1/preview-databases/{previewId}/connections", ConnectionsAsync).RequireScope(Scopes.CredentialsRead).WithName("getPreviewDatabaseConnections").WithTags("previews");
    }

    private static Ok<PreviewsBody> List(HttpContext context, string projectId, MetadataDatabase metadata, PreviewPresenter previews)
    {
        var rows = metadata.Read(session => PreviewStore.ListLive(session, ProjectAccess.Find(session, Principal.Of(context), projectId).Id));
        return TypedResults.Ok(new PreviewsBody(rows.Select(previews.Present).ToList()));
    }

    private static Ok<PreviewEnvelope> Get(HttpContext context, string previewId, MetadataDatabase metadata, PreviewPresenter previews) =>
        TypedResults.Ok(new PreviewEnvelope(previews.Present(metadata.Read(session => PreviewAccess.Find(session, Principal.Of(context), previewId)))));

    private static async Task<Created<PreviewCreatedBody>> CreateAsync(
        HttpContext context, string projectId, CreatePreviewRequest? request, CreatePreview create, PreviewPresenter previews, JobPresenter jobs)
    {
        var (preview, job) = await create.RunAsync(Principal.Of(context), projectId, request, context.RequestAborted);
        return TypedResults.Created($"/v1/preview-databases/{preview.Id}", new PreviewCreatedBody(previews.Present(preview), jobs.Present(job)));
    }

    private static async Task<Accepted<JobEnvelope>> ResetAsync(HttpContext context, string previewId, ResetPreview reset, JobPresenter jobs)
    {
        var job = await reset.AcceptAsync(Principal.Of(context), previewId, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }

    private static async Task<Ok<PreviewEnvelope>> ExtendAsync(
        HttpContext context, string previewId, ExtendPreviewRequest? request, ExtendPreview extend, PreviewPresenter previews) =>
        TypedResults.Ok(new PreviewEnvelope(previews.Present(await extend.RunAsync(Principal.Of(context), previewId, request, context.RequestAborted))));

    private static async Task<Accepted<JobEnvelope>> DeleteAsync(HttpContext context, string previewId, DeletePreview delete, JobPresenter jobs)
    {
        var job = await delete.AcceptAsync(Principal.Of(context), previewId, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }

    private static async Task<Ok<ConnectionsEnvelope>> ConnectionsAsync(HttpContext context, string previewId, MetadataDatabase metadata, ProjectPresenter presenter, PreviewPlan plan)
    {
        var preview = metadata.Read(session => PreviewAccess.Find(session, Principal.Of(context), previewId));
        return preview.State == "ready"
            ? TypedResults.Ok(new ConnectionsEnvelope(await presenter.ConnectionsAsync(preview.RoleName, preview.DatabaseName, plan.Unseal(preview), context.RequestAborted)))
            : throw new CapydException(ErrorCode.WrongState, $"preview must be ready, and it is {preview.State}", "wait for its job to end");
    }
}
