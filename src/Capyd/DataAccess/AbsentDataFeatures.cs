using Capyd.Auth;

namespace Capyd.DataAccess;

/// <summary>What clients may ask for of a project's data and this server does not have (contract E.2): 404 not had, 503 off.</summary>
internal static class AbsentDataFeatures
{
    private static readonly (string Pattern, ErrorCode Code, string Message)[] Features =
    [
        ("/v1/projects/{projectId}/schema/types", ErrorCode.FeatureAbsent, "this server generates no types; GET …/schema has the structure"),
        ("/v1/preview-databases/{previewId}/schema/types", ErrorCode.FeatureAbsent, "this server generates no types; GET …/schema has the structure"),
        ("/v1/projects/{projectId}/lint", ErrorCode.FeatureAbsent, "this server has no lint"),
        ("/v1/preview-databases/{previewId}/lint", ErrorCode.FeatureAbsent, "this server has no lint"),
        ("/v1/projects/{projectId}/advisor/{**rest}", ErrorCode.FeatureAbsent, "this server has no index advisor"),
        ("/v1/projects/{projectId}/logs", ErrorCode.FeatureAbsent, "this server leaves PostgreSQL's log to the host"),
        ("/v1/projects/{projectId}/logs/search", ErrorCode.FeatureOff, "log search is not enabled"),
        ("/v1/projects/{projectId}/observability/history", ErrorCode.FeatureAbsent, "this server keeps no history of observability; GET …/observability has the present"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (pattern, code, message) in Features)
        {
            routes.MapGet(pattern, (HttpContext _) => Task.FromException(new CapydException(code, message))).RequireScope("").ExcludeFromDescription();
        }
    }
}
