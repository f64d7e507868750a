using Capyd.Auth;
using Capyd.Projects;

namespace Capyd.Approvals;

/// <summary>Contract C.1: keys may never mint approvals; a person does so on the host.</summary>
internal static class ApprovalEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/projects/{projectId}/approvals", Refuse).RequireScope(Scopes.ProjectsWrite).WithName("createApproval").WithTags("projects").Produces<ErrorBody>(403);

    private static void Refuse(HttpContext context, string projectId, MetadataDatabase metadata)
    {
        var project = metadata.Read(session => ProjectAccess.Find(session, Principal.Of(context), projectId));
        throw new CapydException(ErrorCode.Forbidden, "an approval must come from a person", $"run on the host: capyd approve {project.Slug} project.delete");
    }
}
