using Capyd.Auth;
using Capyd.Projects;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Observability;

/// <summary>Contract C.5.</summary>
internal static class ObservabilityEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/projects/{projectId}/observability", GetAsync).RequireScope(Scopes.ProjectsRead).WithName("getObservability").WithTags("observability");

    private static async Task<Ok<ObservabilityEnvelope>> GetAsync(HttpContext context, string projectId, MetadataDatabase metadata, ObserveProject observe)
    {
        var project = metadata.Read(session => ProjectAccess.FindReady(session, Principal.Of(context), projectId));
        return TypedResults.Ok(new ObservabilityEnvelope(await observe.ReadAsync(project, context.RequestAborted)));
    }
}
