using Capyd.Auth;
using Capyd.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Imports;

/// <summary>Contract C.3.</summary>
internal static class ImportEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var imports = routes.MapGroup("/v1/projects/{projectId}/imports").WithTags("imports");
        imports.MapPost("", StartAsync).RequireScope(Scopes.ProjectsWrite).WithName("createImport");
        imports.MapPost("/preflight", PreflightAsync).RequireScope(Scopes.ProjectsWrite).WithName("preflightImport");
    }

    private static async Task<Accepted<JobEnvelope>> StartAsync(HttpContext context, string projectId, ImportBody? request, StartImport start, JobPresenter jobs)
    {
        var job = await start.RunAsync(Principal.Of(context), projectId, request, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }

    private static async Task<Ok<PreflightEnvelope>> PreflightAsync(HttpContext context, string projectId, PreflightRequest? request, RunPreflight preflight) =>
        TypedResults.Ok(new PreflightEnvelope(await preflight.RunAsync(Principal.Of(context), projectId, request?.SourceUrl, context.RequestAborted)));
}
