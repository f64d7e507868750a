namespace Capyd.Retention;

/// <summary>What the host has to know of this slice.</summary>
internal static class RetentionModule
{
    public static RetentionJson Json => RetentionJson.Default;

    public static void AddServices(IServiceCollection services) =>
        services.AddSingleton<RetentionFacts>().AddSingleton<RetentionParts>().AddDueWork<WindowRetention>().AddDueWork<CollectGarbage>();

    public static void Map(IEndpointRouteBuilder routes) => RetentionEndpoints.Map(routes);
}
