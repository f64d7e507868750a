using Capyd.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Limits;

/// <summary>Contract C.6: <c>GET O/usage</c>.</summary>
internal static class UsageEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/organizations/{organizationId}/usage", UsageAsync).RequireScope(Scopes.OrganizationsRead).WithName("getOrganizationUsage").WithTags("observability");

    private static async Task<Ok<UsageEnvelope>> UsageAsync(HttpContext context, string organizationId, OrganizationUsage usage) => TypedResults.Ok(
        new UsageEnvelope(await usage.ReadAsync(OrganizationAccess.Require(Principal.Of(context), organizationId), context.RequestAborted)));
}
