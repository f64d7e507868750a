namespace Capyd.Alerts;

/// <summary>Alerts: kept, listed, acknowledged. What is watched is measured by other slices.</summary>
internal static class AlertsModule
{
    public static AlertsJson Json => AlertsJson.Default;

    public static void AddServices(IServiceCollection services) => services.AddSingleton<AlertBook>().AddSingleton<AlertRecorder>();

    public static void Map(IEndpointRouteBuilder routes) => AlertEndpoints.Map(routes);
}
