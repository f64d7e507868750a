namespace Capyd.Observability;

/// <summary>What goes on in a project's database, at this moment.</summary>
internal static class ObservabilityModule
{
    public static ObservabilityJson Json => ObservabilityJson.Default;

    public static void AddServices(IServiceCollection services) => services.AddSingleton<ObserveProject>();

    public static void Map(IEndpointRouteBuilder routes) => ObservabilityEndpoints.Map(routes);
}
