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
        var who = new PrincipalBody(principal.AuthSource, principal.IsAdministrator, principal.ScopeList, principal.Organization.ToString(), principal.Project?.ToString());
        return TypedResults.Ok(new ViewerBody(Find(metadata, principal.Organization), who));
    }

    private static Ok<OrganizationEnvelope> Organization(HttpContext context, string organizationId, MetadataDatabase metadata) =>
        TypedResults.Ok(new OrganizationEnvelope(Find(metadata, OrganizationAccess.Require(Principal.Of(context), organizationId))));

    private static OrganizationBody Find(MetadataDatabase metadata, OrganizationId id)
    {
        var row = metadata.Read(session => OrganizationStore.Find(session, id)) ?? throw CapydException.NotFound("organization");
        return new OrganizationBody(row.Id.ToString(), row.Name, row.Slug, row.Plan, "self-hosted", "active", row.CreatedAt, row.UpdatedAt);
    }
}
