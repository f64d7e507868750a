using Capyd.Jobs;

namespace Capyd.Extensions;

/// <summary>What the host has to know of this slice.</summary>
internal static class ExtensionsModule
{
    public static ExtensionsJson Json => ExtensionsJson.Default;

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<ExtensionSurveyor>().AddSingleton<ChangeExtension>();
        services.AddJobHandler<EnableExtensionJob>();
        services.AddJobHandler<DisableExtensionJob>();
        services.AddJobHandler<UpdateExtensionJob>();
    }

    public static void Map(IEndpointRouteBuilder routes) => ExtensionEndpoints.Map(routes);
}
