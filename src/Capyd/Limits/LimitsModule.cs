namespace Capyd.Limits;

/// <summary>The plan's limits: measured each minute, enforced, and shown as usage.</summary>
internal static class LimitsModule
{
    public static LimitsJson Json => LimitsJson.Default;

    public static void AddServices(IServiceCollection services) => services
        .AddSingleton<ProjectReadings>().AddSingleton<StorageGuard>().AddSingleton<StorageSamples>().AddSingleton<MeterParts>().AddSingleton<OrganizationUsage>()
        .AddSingleton<IBackgroundLoop, ProjectMeter>();

    public static void Map(IEndpointRouteBuilder routes) => UsageEndpoints.Map(routes);
}
