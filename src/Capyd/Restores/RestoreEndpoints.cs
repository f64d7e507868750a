using Capyd.Auth;
using Capyd.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Restores;

/// <summary>Contract C.4, and undo as capyd's own.</summary>
internal static class RestoreEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var restores = routes.MapGroup("/v1/projects/{projectId}/restores").WithTags("restores");
        restores.MapPost("", StartAsync).RequireScope(Scopes.BackupsWrite).WithName("createRestore");
        restores.MapPost("/undo", UndoAsync).RequireScope(Scopes.BackupsWrite).WithName("undoRestore");
    }

    private static async Task<Accepted<RestoreEnvelope>> StartAsync(HttpContext context, string projectId, RestoreBody? request, StartRestore start, JobPresenter jobs)
    {
        var job = await start.RunAsync(Principal.Of(context), projectId, request, context.RequestAborted);
        var plan = PitrRestoreJob.PlanOf(job);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", new RestoreEnvelope(jobs.Present(job), plan is null ? null : PitrBody.Of(plan)));
    }

    private static async Task<Accepted<JobEnvelope>> UndoAsync(HttpContext context, string projectId, UndoRestore undo, JobPresenter jobs)
    {
        var job = await undo.AcceptAsync(Principal.Of(context), projectId, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }
}
