using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Storage.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Projects;

/// <summary>Contract C.1.</summary>
internal static class ProjectEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var projects = routes.MapGroup("/v1/projects").WithTags("projects");
        projects.MapGet("", ListAsync).RequireScope(Scopes.ProjectsRead).WithName("listProjects").Produces<ProjectsBody>();
        projects.MapPost("", CreateAsync).RequireScope(Scopes.ProjectsWrite).WithName("createProject");
        projects.MapGet("/{projectId}", Get).RequireScope(Scopes.ProjectsRead).WithName("getProject");
        projects.MapPatch("/{projectId}", UpdateAsync).RequireScope(Scopes.ProjectsWrite).WithName("updateProject");
        projects.MapDelete("/{projectId}", DeleteAsync).RequireScope(Scopes.ProjectsWrite).WithName("deleteProject");
        projects.MapGet("/{projectId}/connections", ConnectionsAsync).RequireScope(Scopes.CredentialsRead).WithName("getConnections");
        projects.MapPost("/{projectId}/credentials/rotate", RotateAsync).RequireScope(Scopes.ProjectsWrite).WithName("rotateCredentials");
        projects.MapPost("/{projectId}/retry-provisioning", RetryAsync).RequireScope(Scopes.ProjectsWrite).WithName("retryProvisioning");
    }

    private static async Task ListAsync(HttpContext context, ProjectListCache list)
    {
        var bytes = list.List(Principal.Of(context));
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static async Task<Created<ProjectCreatedBody>> CreateAsync(
        HttpContext context, CreateProjectRequest? request, CreateProject create, ProjectPresenter projects, JobPresenter jobs)
    {
        var (project, job) = await create.RunAsync(Principal.Of(context), request, context.RequestAborted);
        return TypedResults.Created($"/v1/projects/{project.Id}", new ProjectCreatedBody(projects.Present(project), jobs.Present(job)));
    }

    private static Ok<ProjectEnvelope> Get(HttpContext context, string projectId, MetadataDatabase metadata, ProjectPresenter projects) =>
        TypedResults.Ok(new ProjectEnvelope(projects.Present(metadata.Read(session => ProjectAccess.Find(session, Principal.Of(context), projectId)))));

    private static async Task<Ok<ProjectEnvelope>> UpdateAsync(
        HttpContext context, string projectId, UpdateProjectRequest? request, UpdateProject update, ProjectPresenter projects) =>
        TypedResults.Ok(new ProjectEnvelope(projects.Present(await update.RunAsync(Principal.Of(context), projectId, request, context.RequestAborted))));

    private static async Task<Accepted<JobEnvelope>> DeleteAsync(
        HttpContext context, string projectId, string? approval_token, bool? skip_final_backup, DeleteProject delete, JobPresenter jobs)
    {
        var job = await delete.AcceptAsync(Principal.Of(context), projectId, approval_token, skip_final_backup ?? false, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }

    private static async Task<Ok<ConnectionsEnvelope>> ConnectionsAsync(
        HttpContext context, string projectId, MetadataDatabase metadata, ProjectPresenter projects, SecretBox secrets)
    {
        var project = metadata.Read(session => ProjectAccess.Find(session, Principal.Of(context), projectId));
        if (project.State is "provisioning" or "failed" or "deleting")
        {
            throw new CapydException(ErrorCode.WrongState, $"project must be ready, and it is {project.State}");
        }

        var password = secrets.Unseal(project.PasswordSealed, project.Id.ToString());
        return TypedResults.Ok(new ConnectionsEnvelope(await projects.ConnectionsAsync(project.RoleName, project.DatabaseName, password, context.RequestAborted)));
    }

    private static async Task<Accepted<JobEnvelope>> RotateAsync(
        HttpContext context, string projectId, RotateCredentialsRequest? request, RotateCredentials rotate, JobPresenter jobs)
    {
        var job = await rotate.AcceptAsync(Principal.Of(context), projectId, request, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }

    private static async Task<Accepted<JobEnvelope>> RetryAsync(HttpContext context, string projectId, RetryProvisioning retry, JobPresenter jobs)
    {
        var job = await retry.RunAsync(Principal.Of(context), projectId, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }
}
