using Capyd.Auth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.Metrics;

/// <summary><c>GET /metrics</c>: for callers on this machine without a key, for others with one of the whole organization.</summary>
internal static class MetricsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", GetAsync).RequireScopeUnlessLocal(Scopes.OrganizationsRead).WithName("getMetrics").WithTags("status")
            .Produces<string>(200, contentType: "text/plain");

    private static async Task<ContentHttpResult> GetAsync(HttpContext context, MetricsReport report) =>
        TypedResults.Text(await report.WriteAsync(Audience(context), context.RequestAborted), MetricsPage.ContentType);

    /// <summary>Null for whoever is on the machine and may see the projects of all organizations.</summary>
    private static OrganizationId? Audience(HttpContext context)
    {
        if (context.Features.Get<Principal>() is not { } principal || principal.Actor.Kind == "operator")
        {
            return null;
        }

        principal.RequireOrganizationWide();
        return principal.Organization;
    }
}
