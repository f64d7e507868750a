using Capyd.Audit;
using Capyd.Auth;
using Capyd.Projects;
using Capyd.Storage.Approvals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Approvals;

/// <summary>Contract C.1: an organisation's administrator approves. Keys never do.</summary>
internal static class ApprovalEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/projects/{projectId}/approvals", CreateAsync).RequireScope(Scopes.ProjectsWrite).WithName("createApproval").WithTags("projects");

    private static async Task<Created<ApprovalEnvelope>> CreateAsync(
        HttpContext context, string projectId, CreateApprovalRequest? request, MetadataDatabase metadata, TimeProvider clock)
    {
        var principal = Principal.Of(context);
        var project = metadata.Read(session => ProjectAccess.Find(session, principal, projectId));
        if (!principal.IsAdministrator)
        {
            throw principal.Clerk is null
                ? new CapydException(ErrorCode.Forbidden, "an approval must come from a person", $"run on the host: capyd approve {project.Slug} project.delete")
                : new CapydException(ErrorCode.Forbidden, "an approval must come from an administrator of the organization", "ask one, or somebody on the host");
        }

        var action = Approval.Known(request?.Action);
        var now = clock.GetUtcNow();
        var (token, row) = Approval.Mint(project.Id, action, now);
        await metadata.WriteAsync(tx =>
        {
            ApprovalStore.Insert(tx, row);
            AuditTrail.Append(tx, principal, "approval.minted", project.Id, now, new AuditDetail(Name: action));
        }, context.RequestAborted);
        return TypedResults.Created((string?)null, new ApprovalEnvelope(new ApprovalBody(row.Id.ToString(), action, token, row.ExpiresAt)));
    }
}
