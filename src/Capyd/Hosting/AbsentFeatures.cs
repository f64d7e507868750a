using Capyd.Auth;

namespace Capyd.Hosting;

/// <summary>What the public clients may ask for and this server does not have: a clean 404 that says so (contract E.1).</summary>
internal static class AbsentFeatures
{
    private static readonly (string Pattern, string Message)[] Features =
    [
        ("/v1/projects/{projectId}/kv/{**rest}", "kv store not found"),
        ("/v1/kv/{**rest}", "this server has no K/V stores"),
        ("/v1/ephemeral-databases/{**rest}", "this server has no ephemeral databases"),
        ("/v1/integrations/{**rest}", "this server has no partner integrations"),
        ("/v1/projects/{projectId}/integrations/{**rest}", "this server has no partner integrations"),
        ("/v1/projects/{projectId}/upgrade/{**rest}", "this server upgrades PostgreSQL through its operating system"),
        ("/v1/projects/{projectId}/cutover-requests/{**rest}", "this server has no cutover requests"),
        ("/v1/projects/{projectId}/imports/follow/{**rest}", "this server imports once and does not follow a source: POST …/imports"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (pattern, message) in Features)
        {
            routes.Map(pattern, (HttpContext _) => Task.FromException(new CapydException(ErrorCode.FeatureAbsent, message)))
                .RequireScope("").ExcludeFromDescription();
        }
    }
}
