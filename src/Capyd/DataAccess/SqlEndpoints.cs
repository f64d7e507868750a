using Capyd.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.DataAccess;

/// <summary>Contract C.5 and C.2: the SQL runner.</summary>
internal static class SqlEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/projects/{projectId}/sql", ProjectAsync).RequireScope(Scopes.ProjectsWrite).WithName("runSql").WithTags("data");
        routes.MapPost("/v1/preview-databases/{previewId}/sql", PreviewAsync).RequireScope(Scopes.ProjectsWrite).WithName("runPreviewSql").WithTags("data");
    }

    private static async Task<Ok<SqlResultEnvelope>> ProjectAsync(HttpContext context, string projectId, SqlRequest? request, DataTargets targets, SqlRunner runner)
    {
        var principal = Principal.Of(context);
        return TypedResults.Ok(new SqlResultEnvelope(await runner.RunAsync(principal, targets.OfProject(principal, projectId), request, context.RequestAborted)));
    }

    private static async Task<Ok<SqlResultEnvelope>> PreviewAsync(HttpContext context, string previewId, SqlRequest? request, DataTargets targets, SqlRunner runner)
    {
        var principal = Principal.Of(context);
        return TypedResults.Ok(new SqlResultEnvelope(await runner.RunAsync(principal, targets.OfPreview(principal, previewId), request, context.RequestAborted)));
    }
}
