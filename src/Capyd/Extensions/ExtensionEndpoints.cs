using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Extensions;

/// <summary>Contract C.1: extensions of a project's database.</summary>
internal static class ExtensionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var extensions = routes.MapGroup("/v1/projects/{projectId}/extensions").WithTags("extensions");
        extensions.MapGet("", ListAsync).RequireScope(Scopes.ProjectsRead).WithName("listExtensions");
        extensions.MapPost("", EnableAsync).RequireScope(Scopes.ProjectsWrite).WithName("enableExtension");
        extensions.MapDelete("/{name}", DisableAsync).RequireScope(Scopes.ProjectsWrite).WithName("disableExtension");
        extensions.MapPost("/{name}/update", UpdateAsync).RequireScope(Scopes.ProjectsWrite).WithName("updateExtension");
    }

    private static async Task<Ok<ExtensionsBody>> ListAsync(HttpContext context, string projectId, MetadataDatabase metadata, ExtensionSurveyor surveyor)
    {
        var project = metadata.Read(session => ProjectAccess.FindReady(session, Principal.Of(context), projectId));
        var survey = await surveyor.SurveyAsync(project, context.RequestAborted);
        return TypedResults.Ok(new ExtensionsBody(ExtensionCatalog.All.Select(survey.Present).ToList()));
    }

    private static async Task<Accepted<JobEnvelope>> EnableAsync(
        HttpContext context, string projectId, EnableExtensionRequest? request, ChangeExtension change, JobPresenter jobs) =>
        Answer(await change.EnableAsync(Principal.Of(context), projectId, request?.Name, context.RequestAborted), jobs);

    private static async Task<Accepted<JobEnvelope>> DisableAsync(HttpContext context, string projectId, string name, ChangeExtension change, JobPresenter jobs) =>
        Answer(await change.DisableAsync(Principal.Of(context), projectId, name, context.RequestAborted), jobs);

    private static async Task<Accepted<JobEnvelope>> UpdateAsync(HttpContext context, string projectId, string name, ChangeExtension change, JobPresenter jobs) =>
        Answer(await change.UpdateAsync(Principal.Of(context), projectId, name, context.RequestAborted), jobs);

    private static Accepted<JobEnvelope> Answer(JobRow job, JobPresenter jobs) => TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
}
