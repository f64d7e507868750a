using Capyd.Storage.Organizations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Auth;

/// <summary>Contract C.6: who am I, and my organisation.</summary>
internal static class IdentityEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/me", Me).RequireScope(AnyScope).WithName("getViewer").WithTags("identity");
        routes.MapGet("/v1/organizations/{organizationId}", Organization).RequireScope(Scopes.OrganizationsRead).WithName("getOrganization").WithTags("identity");
    }

    /// <summary>Each credential may ask who it is.</summary>
    private const string AnyScope = "";

    private static Ok<ViewerBody> Me(HttpContext context, MetadataDatabase metadata)
    {
        var principal = Principal.Of(context);
        var who = new PrincipalBody(
            principal.AuthSource, principal.IsAdministrator, principal.ScopeList, principal.Organization.ToString(), principal.Project?.ToString(),
            principal.UserId, principal.Clerk?.OrganizationId, principal.Clerk?.Role, principal.Clerk?.Slug);
        return TypedResults.Ok(new ViewerBody(Find(metadata, principal), who));
    }

    private static Ok<OrganizationEnvelope> Organization(HttpContext context, string organizationId, MetadataDatabase metadata)
    {
        var principal = Principal.Of(context);
        OrganizationAccess.Require(principal, organizationId);
        return TypedResults.Ok(new OrganizationEnvelope(Find(metadata, principal)));
    }

    /// <summary>The caller's organization, and what Clerk calls it: by the caller's own session, else as it was last seen.</summary>
    private static OrganizationBody Find(MetadataDatabase metadata, Principal principal)
    {
        var (row, seen) = metadata.Read(session =>
            (OrganizationStore.Find(session, principal.Organization), ClerkOrganizationStore.FindByOrganization(session, principal.Organization)));
        return row is null
            ? throw CapydException.NotFound("organization")
            : new OrganizationBody(
                row.Id.ToString(), row.Name, row.Slug, row.Plan, "self-hosted", "active", row.CreatedAt, row.UpdatedAt,
                principal.Clerk?.OrganizationId ?? seen?.ClerkId, principal.Clerk?.Slug ?? seen?.Slug);
    }
}
